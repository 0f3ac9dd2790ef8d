"""`appeals replay`: the read model made again from the entries and compared."""

import asyncio
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from time import perf_counter
from typing import Annotated, Final, Literal

import asyncpg
import typer
from rich.console import Console
from rich.progress import Progress

from cli.options import AsJson
from cli.outcome import NOT_VERIFIED, OK, USAGE, CommandError
from cli.reach import servers_here
from libs.common.eventstore.store import Pool
from libs.common.ids import random_id
from services.dossier.read_model.rebuilding import reproject
from services.dossier.read_model.replaying import Span, begin, catch_up, replay, state_hashes

EVERYTHING: Final = Span()
NAME: Final = re.compile(r"replay_[0-9a-f]{8}")
COUNT: Final = """
    SELECT count(*) FROM dossier.entries
    WHERE recorded_at >= coalesce($1::timestamptz, '-infinity')
      AND recorded_at < coalesce($2::timestamptz, 'infinity')
"""
LEFT: Final = "SELECT coalesce(sum(ends_at - position), 0)::bigint FROM replay_progress"
CHAINS: Final = "SELECT chain_key FROM dossier.chain_heads ORDER BY chain_key"
# Measured on two shared cores; only for the estimate of a dry run.
ENTRIES_A_SECOND: Final = 10_000
Moment = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"])
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """`is_same` is None where only a part was laid: then there is nothing to compare it with."""

    target: str
    name: str | None
    entries: int
    seconds: float
    hashes: dict[str, str]
    is_same: bool | None


def replay_command(
    *,
    target: Annotated[
        Literal["shadow", "rebuild"],
        typer.Option(help="旁边另建，或重建在用的。Beside, or the one in use anew."),
    ] = "shadow",
    since: Moment = None,
    until: Moment = None,
    dry_run: Annotated[bool, typer.Option(help="只估计。Estimate only.")] = False,
    resume: Annotated[str | None, typer.Option(help="接着做。Go on with this one.")] = None,
    as_json: AsJson = False,
) -> None:
    """按入档次序重放并比对读模型；不同时退出码 3。Replay and compare; 3 if different."""
    require_fit(target, since, until, resume)
    dsn, span = servers_here().dsn, Span(since=since, until=until)
    if dry_run:
        count = asyncio.run(counted(dsn, span))
        seconds = round(count / ENTRIES_A_SECOND, 1)
        typer.echo(json.dumps({"entries": count, "estimated_s": seconds}))
        return
    replayed = asyncio.run(rebuilt(dsn) if target == "rebuild" else shadowed(dsn, span, resume))
    show(replayed, as_json=as_json)
    raise typer.Exit(NOT_VERIFIED if replayed.is_same is False else OK)


def require_fit(
    target: str, since: datetime | None, until: datetime | None, resume: str | None
) -> None:
    if target == "rebuild" and (since or until or resume):
        raise CommandError(
            "重建在用的读模型只能从头到尾。",
            "The read model in use is rebuilt whole: leave --since, --until and --resume out.",
            code=USAGE,
        )
    if resume is not None and not NAME.fullmatch(resume):
        raise no_name()


def no_name() -> CommandError:
    return CommandError(
        "--resume 应为上次打印的名称。", "--resume takes the name printed before.", code=USAGE
    )


async def counted(dsn: str, span: Span) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        found: int = await connection.fetchval(COUNT, span.since, span.until)
        return found
    finally:
        await connection.close()


def pool_of(dsn: str, search_path: str) -> Pool:
    settings = {"search_path": search_path, "application_name": "appeals-replay"}
    return asyncpg.create_pool(dsn, min_size=1, max_size=1, server_settings=settings)


async def shadowed(dsn: str, span: Span, resume: str | None) -> Replayed:
    """Left as it is when interrupted, to be resumed by its name; dropped when it was compared."""
    name = resume or f"replay_{random_id().hex[:8]}"
    started = perf_counter()
    # Nothing but its own schema is on the path: a table that it lacks is an error.
    async with pool_of(dsn, name) as pool:
        async with pool.acquire() as connection:
            if resume is None:
                await begin(connection, name)
            total: int = await connection.fetchval(LEFT)
        typer.echo(f"{name}: appeals replay --resume {name}", err=True)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            shown = bar.add_task("重放 replaying", total=total or None)
            laid = await replay(pool, span, lambda count: bar.advance(shown, count))
        seconds = perf_counter() - started
        late, ours, theirs = await catch_up(pool, span)
        laid += late
        await pool.execute(f"DROP SCHEMA {name} CASCADE")
    is_same = ours == theirs if span.is_everything else None
    return Replayed(
        target="shadow",
        name=name,
        entries=laid,
        seconds=seconds,
        hashes=dict(ours),
        is_same=is_same,
    )


async def rebuilt(dsn: str) -> Replayed:
    """Chain by chain, each in one transaction that its writer waits for."""
    started, entries = perf_counter(), 0
    async with pool_of(dsn, "dossier") as pool, pool.acquire() as connection:
        before = await state_hashes(connection, "dossier")
        for row in await connection.fetch(CHAINS):
            async with connection.transaction():
                await reproject(connection, row["chain_key"])
        after = await state_hashes(connection, "dossier")
        entries = await connection.fetchval(COUNT, None, None)
    seconds = perf_counter() - started
    is_same = before == after
    return Replayed(
        target="rebuild", name=None, entries=entries, seconds=seconds, hashes=after, is_same=is_same
    )


def show(replayed: Replayed, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(replayed), ensure_ascii=False))
        return
    words = {True: "相同 the same", False: "不同 DIFFERENT", None: "部分，不比对 a part"}
    rate = replayed.entries / max(replayed.seconds, 0.001)
    typer.echo(
        f"{words[replayed.is_same]}: {replayed.entries} 条 entries, {replayed.seconds:.2f} s, "
        f"{rate:,.0f}/s"
    )
    for table, digest in replayed.hashes.items():
        typer.echo(f"  {table:<18} {digest}")
