"""`appeals verify`: the trail recomputed, from the database, from the topics, or from a bundle."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

import asyncpg
from rich.console import Console
from rich.progress import Progress

from cli.audit.everywhere import compare_everywhere
from cli.audit.from_topics import TopicTrail
from cli.audit.recording import record_fact, verified
from libs.common.settings import KafkaSettings
from services.dossier.adapters.verification import Task, Verdict, verify
from services.dossier.domain.witness import Trust
from services.dossier.read_model.finding import AmbiguousError, NotFoundError, find

OK: Final = 0
USAGE_ERROR: Final = 2
BROKEN: Final = 3
DEPENDENCY_DOWN: Final = 4
SEARCH_PATH: Final = {"search_path": "dossier", "application_name": "appeals-verify"}
ENTRIES: Final = "SELECT coalesce(sum(count), 0)::bigint FROM leaf_heads"
NO_DATABASE: Final = (
    "数据库没有应答，请检查 APPEALS_POSTGRES__DSN 及 PostgreSQL 是否在运行。 / the database does "
    "not answer: check APPEALS_POSTGRES__DSN and whether PostgreSQL runs."
)
NOT_MIGRATED: Final = (
    "数据库里还没有档案表，请先运行 appeals migrate。 / there are no dossier tables yet: run "
    "appeals migrate first."
)
NO_KEY: Final = (
    "没有已信任的公钥，未核对签名；请运行 appeals keys pin。 / no key is trusted, so signatures "
    "were not checked: run appeals keys pin."
)
KINDS: Final = {
    "version": ("版本不连续", "the versions are not dense"),
    "leaf": ("内容被改动", "the content was changed"),
    "hash": ("哈希不相接", "the hash does not follow"),
    "key": ("记录放错了链", "the entry says that it belongs to another chain"),
    "head": ("链头与最后一条不符", "the head is not the last entry"),
    "sequence": ("来源编号有缺口", "the source's numbers have a gap"),
    "offset": ("已读与已存不符", "read and kept are not the same"),
    "position": ("入链次序有缺口", "the order of chaining has a gap"),
    "checkpoint": ("检查点无法读取或不相接", "the checkpoint is not readable or does not follow"),
    "signature": ("检查点没有可信签名", "no trusted key has signed the checkpoint"),
    "future": ("检查点来自未来", "the checkpoint comes from the future"),
    "fork": ("与外部副本不同，历史被改写", "an outside copy tells another past"),
    "copy": ("外部副本比这里新，可能回滚过", "an outside copy is newer: rolled back?"),
    "size": ("检查点包含的记录已不在", "entries that the checkpoint holds are gone"),
    "root": ("树根与检查点不符", "the tree is not the one that was signed"),
    "chains": ("链头与检查点不符", "the chains' heads are not those that were signed"),
    "complete": ("完整性声明不符", "the statement of completeness does not hold"),
    "inclusion": ("记录不在已签名的树中", "the entry is not in the signed tree"),
    "store": ("档案与服务的事件表不同", "the dossier and the service's own table differ"),
    "topic": ("事件表与 Kafka 主题不同", "the table and the Kafka topic differ"),
    "event": ("事件无法读取", "an event can not be read"),
    "bundle": ("证据包内容有误", "the bundle is not as it must be"),
    "truncated": ("证据包不完整", "the bundle is cut off"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to verify and against what. `kafka` is None where the topics are left out."""

    dsn: str
    trust: Trust
    enterprise: str | None = None
    span: tuple[int, int] | None = None
    copies: Sequence[tuple[str, str]] = ()
    kafka: KafkaSettings | None = None
    from_topics: bool = False
    everywhere: bool = False
    record: bool = True
    as_json: bool = False


async def verify_command(asked: Asked) -> int:
    """0 whole, 2 nothing known by that name, 3 broken, 4 no server."""
    started = perf_counter()
    try:
        connection = await asyncpg.connect(asked.dsn, server_settings=SEARCH_PATH, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return say(NO_DATABASE, DEPENDENCY_DOWN)
    try:
        verdict = await verdict_of(connection, asked)
    except (NotFoundError, AmbiguousError) as error:
        return say(str(error), USAGE_ERROR)
    except asyncpg.UndefinedTableError:
        return say(NOT_MIGRATED, DEPENDENCY_DOWN)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
        return say(NO_DATABASE, DEPENDENCY_DOWN)
    finally:
        await connection.close()
    if not asked.trust.keys and verdict.checkpoints:
        say(NO_KEY, OK)
    show(verdict, as_json=asked.as_json, seconds=perf_counter() - started)
    return OK if verdict.is_whole else BROKEN


async def verdict_of(connection: "asyncpg.Connection[asyncpg.Record]", asked: Asked) -> Verdict:
    chain_key = None
    if asked.enterprise is not None:
        chain_key = (await find(connection, asked.enterprise)).chain_key
    if asked.from_topics and asked.kafka is not None:
        verdict = await TopicTrail(asked.kafka, asked.trust, asked.copies).verdict()
    else:
        verdict = await from_database(connection, asked, chain_key)
    if asked.everywhere:
        comparison = await compare_everywhere(connection, asked.kafka)
        verdict = replace(
            verdict,
            breaks=(*verdict.breaks, *comparison.breaks.found),
            broken=verdict.broken + comparison.breaks.count,
        )
    if asked.record:
        scope = "enterprise" if chain_key else "range" if asked.span else "all"
        evidence = "kafka" if asked.from_topics else "database"
        event = verified(verdict, scope=scope, evidence=evidence, chain_key=chain_key)
        await record_fact(asked.dsn, event)
    return verdict


async def from_database(
    connection: "asyncpg.Connection[asyncpg.Record]", asked: Asked, chain_key: str | None
) -> Verdict:
    """The bar goes to the terminal's error channel, so that the output stays data."""
    total: int = await connection.fetchval(ENTRIES)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("核验 verifying", total=total or None)
        task = Task(
            trust=asked.trust,
            chain_key=chain_key,
            span=asked.span,
            copies=asked.copies,
            progress=lambda count: bar.advance(shown, count),
        )
        return await verify(connection, task=task)


def show(verdict: Verdict, *, as_json: bool, seconds: float) -> None:
    if as_json:
        sys.stdout.write(json.dumps(verdict.as_json(), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(lines_of(verdict, seconds)) + "\n")


def lines_of(verdict: Verdict, seconds: float) -> list[str]:
    counts = f"{verdict.chains} 条链 chains, {verdict.entries} 条记录 entries"
    signed = f"{verdict.checkpoints} 个检查点 checkpoints 覆盖 {verdict.covered} 条 covered"
    how = f"{verdict.algorithm}, {seconds:.2f} s"
    if verdict.is_whole:
        return [f"完整 whole: {counts}, {signed} ({how})"]
    lines = [f"已损坏 BROKEN: {counts}, {verdict.broken_chains} 条链损坏 broken, {signed} ({how})"]
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
