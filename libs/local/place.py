"""A folder that the server's user can reach, also when the state folder is closed to it."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from libs.local.account import Account
from libs.local.errors import PostgresMissingError

PREFIX: Final = "appeals-postgres-"
OUTSIDE: Final = ("/var/tmp", "/tmp")  # noqa: S108 - a new 0700 folder is made in it
"""The first survives a restart of the machine."""
NOTE: Final = "elsewhere"


def reachable_place(root: Path, account: Account) -> Path:
    """`root` itself, or the 0700 folder that its note names. Raises PostgresMissingError."""
    noted = noted_place(root)
    if noted is not None:
        if not is_ours(noted, account):
            raise place_lost(root, noted)
        return noted
    if account.may_enter(root):
        return root
    place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=next(filter(os.path.isdir, OUTSIDE))))
    os.chown(place, account.uid, account.gid)
    (root / NOTE).write_text(str(place))
    return place


def noted_place(root: Path) -> Path | None:
    try:
        return Path((root / NOTE).read_text().strip())
    except FileNotFoundError:
        return None


def is_ours(place: Path, account: Account) -> bool:
    """A note alone is not believed: everyone may write where such folders are."""
    named_so = place.name.startswith(PREFIX) and str(place.parent) in OUTSIDE
    if not named_so or place.is_symlink() or not place.is_dir():
        return False
    return place.stat().st_uid == account.uid


def remove_place(root: Path, account: Account) -> None:
    noted = noted_place(root)
    if noted is not None and is_ours(noted, account):
        shutil.rmtree(noted)


def place_lost(root: Path, place: Path) -> PostgresMissingError:
    return PostgresMissingError(
        f"{root / NOTE} 记录的数据目录 {place} 已不存在或不属于本程序。",
        f"The data folder {place} that {root / NOTE} names is gone or is not ours.",
        do_zh=f"若不再需要旧数据，请删除 {root.parent} 后重试。",
        do_en=f"If the old data are not needed, delete {root.parent} and try again.",
    )
