"""One PostgreSQL as a child process, on loopback alone, as an ordinary user."""

import asyncio
import os
import secrets
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

import asyncpg

from libs.local.account import ROOT, Account, server_account
from libs.local.errors import ServerFailedError
from libs.local.place import reachable_place
from libs.local.ports import LOOPBACK, kept_ports
from libs.local.processes import Child, Children, Program, failed
from libs.local.programs import Programs, find_programs, reachable
from libs.local.registry import wait_until_empty

SUPERUSER: Final = "appeals"
BUILTIN_LOCALE_SINCE: Final = 17
READY_WITHIN_S: Final = 120.0
"""Recovery after a crash may take its time."""
POLL_S: Final = 0.03
SETTINGS: Final = {
    "listen_addresses": LOOPBACK,
    # No socket: its path would have to be short, and reachable for two users.
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "autovacuum": "on",
    "timezone": "UTC",
    # A failing statement and the details of an error hold values, and those may be personal data.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
LOST_ON_POWER_FAILURE: Final = {"fsync": "off", "synchronous_commit": "off"}


class LocalPostgres:
    """Its data stand below `root`, or where `root/elsewhere` says; its port is kept while free."""

    def __init__(
        self, root: Path, children: Children, environment: Mapping[str, str], *, fsync: bool = True
    ) -> None:
        self.root = root.absolute()
        self.children = children
        self.environment = environment
        self.settings = SETTINGS if fsync else SETTINGS | LOST_ON_POWER_FAILURE
        self.child: Child | None = None

    @property
    def pid(self) -> int | None:
        return self.child.pid if self.child and self.child.is_running() else None

    async def start(self) -> str:
        """Answers the superuser's DSN once the server answers. Raises LocalServerError."""
        self.root.mkdir(parents=True, exist_ok=True)
        account = server_account()
        place = reachable_place(self.root, account)
        data = place / "data"
        needed = major_of(data)
        found = await asyncio.to_thread(find_programs, self.environment, needed)
        programs = await asyncio.to_thread(reachable, found, account, place)
        if needed is None:
            await self.create(programs, account, data)
        await wait_until_empty(data.resolve(), 10.0)
        (port,) = kept_ports(self.root / "ports.json", 1)
        self.child = self.children.start(self.server_program(programs, account, data, port))
        dsn = f"postgresql://{SUPERUSER}:{self.password()}@{LOOPBACK}:{port}/postgres"
        await wait_until_ready(self.child, dsn)
        return dsn

    async def stop(self) -> None:
        if self.child:
            await self.children.stop(self.child)

    async def kill(self) -> None:
        """Like a crash: SIGKILL. `start` brings it back on its data and, if free, its port."""
        if self.child:
            await self.children.kill(self.child)

    def password(self) -> str:
        """Random, made once, readable by the owner of the state folder alone."""
        path = self.root / "password"
        if not path.exists():
            write_secret(path, secrets.token_urlsafe(24))
        return path.read_text()

    async def create(self, programs: Programs, account: Account, data: Path) -> None:
        """Into a name that becomes `data` when it is whole, so a broken start can be repeated."""
        for abandoned in data.parent.glob("new-*"):
            remove(abandoned)
        unfinished = data.with_name(f"new-{secrets.token_hex(4)}")
        unfinished.mkdir(mode=0o700)
        password_file = data.with_name(f"{unfinished.name}.password")
        write_secret(password_file, self.password())
        if os.getuid() == ROOT:
            os.chown(unfinished, account.uid, account.gid)
            os.chown(password_file, account.uid, account.gid)
        try:
            program = self.initdb_program(programs, account, unfinished, password_file)
            await self.children.run(program, timeout_s=READY_WITHIN_S)
        finally:
            password_file.unlink()
        unfinished.rename(data)

    def initdb_program(
        self, programs: Programs, account: Account, data: Path, password_file: Path
    ) -> Program:
        arguments = (
            *("-D", str(data), "-U", SUPERUSER, f"--pwfile={password_file}"),
            *("--auth=scram-sha-256", "--encoding=UTF8"),
            *locale_options(programs.major),
        )
        return self.program("PostgreSQL initdb", programs.folder / "initdb", arguments, account)

    def server_program(
        self, programs: Programs, account: Account, data: Path, port: int
    ) -> Program:
        settings = self.settings | {"port": str(port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        arguments = ("-D", str(data), *options)
        return self.program("PostgreSQL", programs.folder / "postgres", arguments, account)

    def program(
        self, what: str, program: Path, arguments: tuple[str, ...], account: Account
    ) -> Program:
        return Program(
            what=what,
            command=(str(program), *arguments),
            directory=Path("/"),
            log=self.root / "log" / "postgres.log",
            # Nothing of ours: PG* variables and a broken LANG would steer it.
            environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            # Fast shutdown; SIGTERM would wait until the last client has gone.
            stop_signal=signal.SIGINT,
            account=account,
        )


def locale_options(major: int) -> tuple[str, ...]:
    """Code points in order, and letters known beyond ASCII, which trigram search needs."""
    if major >= BUILTIN_LOCALE_SINCE:
        return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    return ("--locale=C.UTF-8",)


def major_of(data: Path) -> int | None:
    """The version that made the data; None when there are none."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def write_secret(path: Path, secret: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)


async def wait_until_ready(child: Child, dsn: str) -> None:
    deadline = monotonic() + READY_WITHIN_S
    # Refused by a server of our own: its log says why, for example another password.
    with suppress(asyncpg.PostgresError):
        while monotonic() < deadline and child.is_running():
            if await postgres_answers(dsn):
                return
            await asyncio.sleep(POLL_S)
    raise failed(child.program)


async def postgres_answers(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, timeout=3.0)
    except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError):
        return False
    await connection.close()
    return True


async def wait_for_postgres(dsn: str, *, named_by: str, timeout_s: float = 15.0) -> None:
    """Raises ServerFailedError, naming the variable, when a server of others is of no use."""
    deadline = monotonic() + timeout_s
    try:
        while not await postgres_answers(dsn):
            if monotonic() > deadline:
                raise no_answer(named_by, "TimeoutError")
            await asyncio.sleep(POLL_S)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        # From None: a traceback of asyncpg may show the password.
        raise no_answer(named_by, type(error).__name__) from None


def no_answer(named_by: str, why: str) -> ServerFailedError:
    return ServerFailedError(
        f"{named_by} 指定的 PostgreSQL 不可用（{why}）。",
        f"The PostgreSQL that {named_by} names is of no use ({why}).",
        do_zh="请检查地址、用户与密码，或取消该变量以使用本地 PostgreSQL。",
        do_en="Check address, user and password, or unset it to use a local PostgreSQL.",
    )
