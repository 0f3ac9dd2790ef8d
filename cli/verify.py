"""`appeals verify`: every stored chain recomputed, or one."""

import json
import sys
from time import perf_counter
from typing import Final

import asyncpg

from services.dossier.adapters.verification import Verdict, verify
from services.dossier.read_model.finding import AmbiguousError, NotFoundError, find

OK: Final = 0
USAGE_ERROR: Final = 2
BROKEN: Final = 3
DEPENDENCY_DOWN: Final = 4
SEARCH_PATH: Final = {"search_path": "dossier", "application_name": "appeals-verify"}
NO_DATABASE: Final = (
    "数据库没有应答，请检查 APPEALS_POSTGRES__DSN 及 PostgreSQL 是否在运行。 / the database does "
    "not answer: check APPEALS_POSTGRES__DSN and whether PostgreSQL runs."
)
NOT_MIGRATED: Final = (
    "数据库里还没有档案表，请先运行 appeals migrate。 / there are no dossier tables yet: run "
    "appeals migrate first."
)
KINDS: Final = {
    "version": ("版本不连续", "the versions are not dense"),
    "leaf": ("内容被改动", "the content was changed"),
    "hash": ("哈希不相接", "the hash does not follow"),
    "head": ("链头与最后一条不符", "the head is not the last entry"),
    "sequence": ("来源编号有缺口", "the source's numbers have a gap"),
    "offset": ("已读与已存不符", "read and kept are not the same"),
}


async def verify_command(dsn: str, enterprise: str | None, as_json: bool) -> int:  # noqa: FBT001 - the command's own switch
    """0 whole, 2 nothing known by that name, 3 broken, 4 no database. None verifies all."""
    started = perf_counter()
    try:
        connection = await asyncpg.connect(dsn, server_settings=SEARCH_PATH, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return say(NO_DATABASE, DEPENDENCY_DOWN)
    try:
        chain_key = None
        if enterprise is not None:
            chain_key = (await find(connection, enterprise)).chain_key
        verdict = await verify(connection, chain_key)
    except (NotFoundError, AmbiguousError) as error:
        return say(str(error), USAGE_ERROR)
    except asyncpg.UndefinedTableError:
        return say(NOT_MIGRATED, DEPENDENCY_DOWN)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
        return say(NO_DATABASE, DEPENDENCY_DOWN)
    finally:
        await connection.close()
    seconds = perf_counter() - started
    text = (
        json.dumps(verdict.as_json(), ensure_ascii=False)
        if as_json
        else "\n".join(lines_of(verdict, seconds))
    )
    sys.stdout.write(text + "\n")
    return OK if verdict.is_whole else BROKEN


def lines_of(verdict: Verdict, seconds: float) -> list[str]:
    counts = f"{verdict.chains} 条链 chains, {verdict.entries} 条记录 entries"
    how = f"{verdict.algorithm}, {seconds:.2f} s"
    if verdict.is_whole:
        return [f"完整 whole: {counts} ({how})"]
    lines = [f"已损坏 BROKEN: {counts}, {verdict.broken_chains} 条链损坏 broken ({how})"]
    for one in verdict.breaks:
        zh, en = KINDS[one.kind]
        lines += [
            f"  {one.chain}  #{one.version}  {zh} {en}",
            f"    应为 expected {one.expected}",
            f"    实为 found    {one.found}",
        ]
    return lines


def say(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code
