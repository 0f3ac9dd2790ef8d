"""Where a text turns to another matter: the words that people use to add a request."""

import re
from itertools import pairwise
from typing import Final

WORDS: Final = (
    "另外 此外 还有一件 还有一个 还有一事 还有个事 还有就是 再一个 再有 第二个 第二件 第二点 "
    "第二， 第二、 其次 二是 二、 （二） 顺便 顺带 同时还 同时也 对了 除此之外 除此以外 另有一"
)
TURN: Final = re.compile(
    "[，。；！？\n ](?:" + "|".join(map(re.escape, WORDS.split())) + r"|2[、.．])"
)
SHORTEST: Final = 8
LONGEST_WORDS: Final = 40


def parts_of(text: str) -> tuple[str, ...]:
    """The text at its turns; empty where it has none, or where a side is too short to say much."""
    spots = [found.start() + 1 for found in TURN.finditer(text)]
    edges = [0, *spots, len(text)]
    parts = tuple(text[start:end].strip() for start, end in pairwise(edges))
    if len(parts) == 1 or any(len(part) < SHORTEST for part in parts):
        return ()
    return parts[:4]


def words_of(part: str) -> str:
    """How the part begins, for a person who has to find it in the text."""
    return part[:LONGEST_WORDS]
