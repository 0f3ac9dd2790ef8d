"""A whole router on a real broker: actions, limits, and streams that hear of each other."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from libs.common.clock import system_clock
from libs.common.contracts.router import ROUTER_EVENTS
from libs.common.contracts.sla import LimitPassed
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import reader
from libs.common.ids import DepartmentCode
from libs.common.messaging.partitioning import partition_of
from libs.common.settings import KafkaSettings
from libs.common.subscription import Record
from tests.integration.conftest import PARTITIONS
from tests.integration.shell.test_process import PATIENCE_S, running_router, send, topic_id
from tests.support.databases import Database
from tests.support.records import KEY, appeal, dispatchable, fact, with_header

CHILD: Final = appeal(1)
MASTER: Final = appeal(2)
# Another firm: under its key lies another partition, or the test would show nothing.
OTHER_KEY: Final = next(
    key
    for key in (str(UUID(int=0xE100 + number)) for number in range(100))
    if partition_of(key, PARTITIONS) != partition_of(KEY, PARTITIONS)
)
READ: Final = reader(ROUTER_EVENTS)


async def classified(
    database: Database, numbers_and_keys: Sequence[tuple[int, str]]
) -> list[Record]:
    made_at = await topic_id(database, Topic.CLASSIFIER_EVENTS)
    records = [
        dispatchable(number, offset=0, key=key, partition=partition_of(key, PARTITIONS))
        for number, key in numbers_and_keys
    ]
    return [with_header(record, "topic_id", made_at) for record in records]


def asking(
    key: str, action: str, appeal_id: UUID, kind: str, unit: str, **fields: object
) -> Record:
    body = {
        "action": action,
        "command_id": f"{action}/{appeal_id}",
        "appeal_id": str(appeal_id),
        "actor": {"kind": kind, "id": "p1", "unit": unit},
        **fields,
    }
    partition = partition_of(key, PARTITIONS)
    return Record(Topic.ACTIONS, partition, 0, key.encode(), orjson.dumps(body), {})


async def types(database: Database, appeal_id: UUID) -> list[str]:
    rows = await database.fetch(
        "SELECT type FROM router.events WHERE subject = $1 ORDER BY version", str(appeal_id)
    )
    return [row["type"].removeprefix("router.").removesuffix(".v1") for row in rows]


async def wait_for(database: Database, appeal_id: UUID, event: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while event not in await types(database, appeal_id):
            await asyncio.sleep(0.05)


def limit(at: datetime) -> LimitPassed:
    return LimitPassed(
        appeal_id=CHILD,
        clock="sign",
        deadline_version=1,
        level=2,
        step_at=at,
        notify_at=at,
        due=at,
        addressee="unit_head",
        lead=DepartmentCode("gdj"),
        late=False,
    )


async def test_appeals_of_two_firms_join_and_part_though_they_lie_in_two_partitions(
    database: Database, deployment: KafkaSettings
) -> None:
    async with running_router(database, deployment):
        records = await classified(database, [(1, KEY), (2, OTHER_KEY)])
        await send(deployment, Topic.CLASSIFIER_EVENTS, records)
        await wait_for(database, CHILD, "appeal-dispatched")
        await wait_for(database, MASTER, "appeal-dispatched")
        named = {"master": str(MASTER), "master_key": OTHER_KEY, "reason": "同一停电"}
        merge = asking(KEY, "merge", CHILD, "dispatcher", "rx", **named)
        await send(deployment, Topic.ACTIONS, [merge])
        await wait_for(database, MASTER, "merge-joined")
        withdraw = asking(OTHER_KEY, "withdraw", MASTER, "firm", OTHER_KEY)
        await send(deployment, Topic.ACTIONS, [withdraw])
        await wait_for(database, CHILD, "appeal-unmerged")
    assert await types(database, MASTER) == [
        "appeal-dispatched",
        "merge-joined",
        "appeal-withdrawn",
        "children-released",
    ]
    (row,) = await database.fetch(
        "SELECT DISTINCT partition, convert_from(key, 'utf8') AS key FROM router.events "
        "WHERE subject = $1",
        str(MASTER),
    )
    assert (row["partition"], row["key"]) == (partition_of(OTHER_KEY, PARTITIONS), OTHER_KEY)


async def test_a_refused_action_is_an_event_and_a_repeat_is_none(
    database: Database, deployment: KafkaSettings
) -> None:
    sign = asking(KEY, "sign", CHILD, "department", "gdj", department="gdj")
    stale = asking(
        KEY,
        "request-info",
        CHILD,
        "department",
        "gdj",
        department="gdj",
        missing="户号",
        expected_version=1,
    )
    anothers = asking(KEY, "confirm-classification", CHILD, "dispatcher", "rx", item="PUB-01")
    nobodys = asking(KEY, "dance", CHILD, "dispatcher", "rx")
    async with running_router(database, deployment):
        await send(deployment, Topic.CLASSIFIER_EVENTS, await classified(database, [(1, KEY)]))
        await wait_for(database, CHILD, "appeal-dispatched")
        await send(deployment, Topic.ACTIONS, [sign, sign, anothers, nobodys, stale])
        await wait_for(database, CHILD, "action-refused")
    assert await types(database, CHILD) == [
        "appeal-dispatched",
        "dispatch-signed",
        "action-refused",
    ]
    (refused,) = await database.fetch(
        "SELECT type, body FROM router.events WHERE type = 'router.action-refused.v1'"
    )
    told: Any = READ(refused["type"], refused["body"]).data
    assert (told.code, told.action, told.command_id) == (
        "stale_version",
        "request-info",
        f"request-info/{CHILD}",
    )
    parked = await database.fetch("SELECT reason FROM router.dead_letters")
    assert [row["reason"] for row in parked] == ["undecodable"]


async def test_a_passed_sign_limit_signs_once_and_one_of_an_earlier_dispatch_does_nothing(
    database: Database, deployment: KafkaSettings
) -> None:
    now = system_clock()
    partition = partition_of(KEY, PARTITIONS)
    async with running_router(database, deployment):
        await send(deployment, Topic.CLASSIFIER_EVENTS, await classified(database, [(1, KEY)]))
        await wait_for(database, CHILD, "appeal-dispatched")
        made_at = await topic_id(database, Topic.SLA_EVENTS)
        limits = [
            fact(limit(at), offset=offset, subject=CHILD, partition=partition)
            for offset, at in enumerate([now - timedelta(days=1), now + timedelta(hours=2)])
        ]
        records = [with_header(record, "topic_id", made_at) for record in limits]
        await send(deployment, Topic.SLA_EVENTS, [*records, records[-1]])
        await wait_for(database, CHILD, "dispatch-auto-signed")
    (row,) = await database.fetch(
        "SELECT type, body FROM router.events WHERE type = 'router.dispatch-auto-signed.v1'"
    )
    signed: Any = READ(row["type"], row["body"]).data
    assert (signed.because, signed.signed_at) == ("limit_passed", now + timedelta(hours=2))
