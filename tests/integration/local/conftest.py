from collections.abc import Iterator
from pathlib import Path

import pytest

from libs.local.account import server_account
from libs.local.place import remove_place


@pytest.fixture(autouse=True)
def no_place_elsewhere_is_left(tmp_path: Path) -> Iterator[None]:
    """As root the data stand outside `tmp_path`, which pytest closes to other users."""
    yield
    for note in tmp_path.rglob("elsewhere"):
        remove_place(note.parent, server_account())
