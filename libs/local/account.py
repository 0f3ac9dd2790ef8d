"""Which user runs a server that refuses root, and where that user may go."""

import os
import pwd
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libs.local.errors import PostgresMissingError

ROOT: Final = 0
UNPRIVILEGED: Final = ("postgres", "nobody", "daemon")


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int

    def may_enter(self, directory: Path) -> bool:
        """Whether it, its links resolved, and everything above it lets this user through."""
        real = directory.resolve()
        return all(self.may_pass(step) for step in (real, *real.parents) if step.exists())

    def may_pass(self, directory: Path) -> bool:
        found = directory.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def own_account() -> Account:
    return Account(os.getuid(), os.getgid())


def server_account(names: Iterable[str] = UNPRIVILEGED) -> Account:
    """Ourselves, or as root the first of `names` that exists: PostgreSQL refuses to run as root."""
    if os.getuid() != ROOT:
        return own_account()
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise no_user()


def no_user() -> PostgresMissingError:
    return PostgresMissingError(
        "PostgreSQL 不能以 root 运行，而本机没有 postgres、nobody、daemon 用户。",
        "PostgreSQL does not run as root and there is no user postgres, nobody or daemon here.",
        do_zh="请用普通用户运行，或用 APPEALS_POSTGRES__DSN 指定现成的 PostgreSQL。",
        do_en="Run this as an ordinary user, or name a PostgreSQL that runs in "
        "APPEALS_POSTGRES__DSN.",
    )
