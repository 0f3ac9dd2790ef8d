"""The first answer to each command, so that a repeat is told the same and other content is seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import orjson

from libs.common.errors import RefusedError
from libs.common.eventstore.store import Connection
from libs.common.execution.decision import Answer

RECALL: Final = """
    SELECT command_id, fingerprints, status, answer FROM command_answers
    WHERE command_id = ANY($1::text[]) ORDER BY command_id FOR UPDATE
"""
COUNT_REPEATS: Final = """
    UPDATE command_answers SET repeats = repeats + 1 WHERE command_id = $1
"""
ACCEPTED: Final = 202


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    fingerprints: Mapping[str, str]
    answer: Answer

    def differing(self, fingerprints: Mapping[str, str]) -> list[str]:
        """Names of the fields in which a repeat is not the same command."""
        names = self.fingerprints.keys() | fingerprints.keys()
        return sorted(n for n in names if self.fingerprints.get(n) != fingerprints.get(n))


def content_differs(fields: Sequence[str]) -> RefusedError:
    names = ", ".join(fields)
    return RefusedError(
        "content_differs",
        f"该编号已用于内容不同的请求，不同的字段：{names}。请换一个编号，或原样重发。",
        f"this id was used for a request with other content; fields that differ: {names}. "
        "Use a new id, or send the same content again.",
    )


async def recall(connection: Connection, command_ids: Sequence[str]) -> dict[str, FirstAnswer]:
    if not command_ids:
        return {}
    rows = await connection.fetch(RECALL, command_ids)
    return {
        row["command_id"]: FirstAnswer(
            orjson.loads(row["fingerprints"]), orjson.loads(row["answer"])
        )
        for row in rows
    }


async def count_repeats(connection: Connection, command_ids: Sequence[str]) -> None:
    if command_ids:
        await connection.executemany(COUNT_REPEATS, [(c,) for c in sorted(command_ids)])


async def remember(
    connection: Connection, answers: Sequence[tuple[str, Mapping[str, str], Answer]]
) -> None:
    """Raises asyncpg.UniqueViolationError when another writer answered the same command first."""
    if not answers:
        return
    rows: list[tuple[Any, ...]] = [
        (command_id, orjson.dumps(prints).decode(), ACCEPTED, orjson.dumps(answer).decode())
        # In one order, so that two writers can not wait for each other.
        for command_id, prints, answer in sorted(answers, key=itemgetter(0))
    ]
    await connection.copy_records_to_table(
        "command_answers", columns=("command_id", "fingerprints", "status", "answer"), records=rows
    )
