"""Every event of every released shape can be read, and has a line that people can read."""

import json
from pathlib import Path

import pytest

from libs.common.contracts.dossier import CheckpointSigned, LeavesOrdered
from services.dossier.domain.events import EVENTS
from services.dossier.domain.summaries import summary_of
from services.dossier.read_model.projection import decode

# Their subject is the tree itself, so they are no entries of any chain.
NO_ENTRIES = {LeavesOrdered.TYPE, CheckpointSigned.TYPE}


def type_of(path: Path) -> str:
    name: str = json.loads(path.read_bytes())["type"]
    return name


ALL = sorted((Path(__file__).parents[2] / "contracts" / "golden").glob("*.json"))
GOLDEN = [path for path in ALL if type_of(path) not in NO_ENTRIES]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_released_event_has_a_line_in_both_languages(path: Path) -> None:
    raw = path.read_bytes()
    told = decode(type_of(path), raw)
    assert told is not None
    line = summary_of(told.data, {})
    assert any("\u4e00" <= sign <= "\u9fff" for sign in line.zh)
    assert line.en.isprintable()
    assert line.en.strip()


def test_no_released_event_is_forgotten() -> None:
    assert {type_of(path) for path in GOLDEN} == {event.TYPE for event in EVENTS}
