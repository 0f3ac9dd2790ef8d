"""What the classifier needs of a catalogue: per item its category and the words that name it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from libs.catalogue.items import Item, ItemList

ELSEWHERE: Final = re.compile(r"[；;].*")


@dataclass(frozen=True, slots=True)
class Topic:
    item: str
    category: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    version: str
    topics: tuple[Topic, ...]

    @property
    def items(self) -> frozenset[str]:
        return frozenset(topic.item for topic in self.topics)


class CatalogueFileError(Exception):
    """The file is no catalogue in our format."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} 不是有效的事项目录，请对照随附目录的格式。 / "
            f"{path.name} is no valid catalogue; compare it with the one that ships with us."
        )


def read_topics(path: Path) -> Topics:
    """Raises CatalogueFileError."""
    try:
        listed = ItemList.model_validate_json(path.read_bytes())
    except ValidationError:
        raise CatalogueFileError(path) from None
    return topics_of(listed)


def topics_of(listed: ItemList) -> Topics:
    topics = tuple(
        Topic(item=item.code, category=category.code, words=words_of(item))
        for category in listed.categories
        for item in category.items
    )
    return Topics(version=listed.version, topics=topics)


def words_of(item: Item) -> tuple[str, ...]:
    """A description's part after its semicolon names other items' matters, so it is left out."""
    description = ELSEWHERE.sub("", item.description_zh)
    return (item.name_zh, description, *item.keywords_zh, "，".join(item.keywords_zh))


def topics_of_labels(labels: Iterable[str]) -> Topics:
    """Topics for a training file that comes without a catalogue: FIN-01 is of category FIN."""
    ordered = sorted(set(labels))
    topics = tuple(Topic(item=label, category=label.split("-")[0], words=()) for label in ordered)
    return Topics(version="labels", topics=topics)
