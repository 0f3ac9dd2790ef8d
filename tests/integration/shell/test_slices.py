"""What one transaction of the consumer does with good, bad, old and missing records."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from libs.common.contracts.topics import Topic
from libs.common.execution.screening import Slice
from libs.common.subscription import Record
from tests.support.databases import Database
from tests.support.records import (
    KEY,
    appeal,
    classified,
    dispatchable,
    fact,
    spoilt,
    with_header,
)
from tests.support.router import Router, names

OTHER_KEY = "00000000-0000-0000-0000-0000000000e2"


async def test_each_record_of_a_slice_is_decided_once(router: Router) -> None:
    await router.take(dispatchable(1, offset=0), dispatchable(2, offset=1))
    assert await router.dispatched() == names(1, 2)
    assert await router.position() == (2, 2)


async def test_a_redelivered_slice_changes_nothing_and_says_where_to_go_on(router: Router) -> None:
    records = [dispatchable(1, offset=0), dispatchable(2, offset=1)]
    await router.take(*records)
    outcome = await router.take(*records)
    assert await router.dispatched() == names(1, 2)
    assert outcome.screened[0].next_offset == 2


async def test_what_the_relay_sent_twice_is_skipped_by_its_sequence(router: Router) -> None:
    await router.take(dispatchable(1, offset=0))
    again = fact(classified(1), offset=1, sequence=1, subject=appeal(1))
    await router.take(again, fact(classified(2), offset=2, sequence=2, subject=appeal(2)))
    assert await router.dispatched() == names(1, 2)
    assert await router.position() == (3, 2)


async def test_a_lost_event_stops_the_partition_before_the_hole(router: Router) -> None:
    hole = fact(classified(3), offset=2, sequence=4, subject=appeal(3))
    outcome = await router.take(dispatchable(1, offset=0), dispatchable(2, offset=1), hole)
    stop = outcome.screened[0].stop
    assert stop is not None
    assert (stop.reason, stop.offset) == ("hole", 2)
    assert await router.dispatched() == names(1, 2)
    assert await router.position() == (2, 2)


async def test_a_version_that_is_not_known_stops_the_partition(router: Router) -> None:
    future = with_header(dispatchable(2, offset=1), "ce_type", b"classifier.appeal-classified.v9")
    outcome = await router.take(dispatchable(1, offset=0), future)
    stop = outcome.screened[0].stop
    assert stop is not None
    assert stop.reason == "unknown_version"
    assert await router.position() == (1, 1)


async def test_a_type_that_is_not_read_is_skipped_and_still_counted(router: Router) -> None:
    unread = with_header(dispatchable(1, offset=0), "ce_type", b"classifier.model-praised.v1")
    outcome = await router.take(spoilt(unread), dispatchable(2, offset=1))
    assert outcome.screened[0].skipped == 1
    assert await router.dispatched() == names(2)
    assert await router.position() == (2, 2)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("sequence", None),
        ("sequence", b"-1"),
        ("sequence", "一".encode()),
        ("sequence", b"9" * 40),
        ("ce_type", None),
        ("ce_type", "类型".encode("gb18030")),
        ("ce_id", None),
    ],
)
async def test_a_foreign_record_is_kept_and_parks_no_key(
    router: Router, header: str, value: bytes | None
) -> None:
    foreign = with_header(dispatchable(1, offset=0), header, value)
    after = fact(classified(2), offset=1, sequence=1, subject=appeal(2))
    await router.take(foreign, after)
    assert await router.parked() == [(0, "foreign")]
    assert await router.dispatched() == names(2)


async def test_a_topic_made_anew_is_not_read_as_the_old_one(router: Router) -> None:
    other = with_header(dispatchable(1, offset=0), "topic_id", b"someone-elses")
    outcome = await router.take(other)
    stop = outcome.screened[0].stop
    assert stop is not None
    assert stop.reason == "other_topic"


async def test_an_undecodable_record_parks_its_key_and_no_other(router: Router) -> None:
    await router.take(
        spoilt(dispatchable(1, offset=0)),
        dispatchable(2, offset=1),
        dispatchable(3, offset=2, key=OTHER_KEY),
    )
    assert await router.parked() == [(0, "undecodable"), (1, "behind_parked_key")]
    assert await router.dispatched() == names(3)
    assert await router.position() == (3, 3)


async def test_a_key_stays_parked_in_later_slices(router: Router) -> None:
    await router.take(spoilt(dispatchable(1, offset=0)))
    await router.take(dispatchable(2, offset=1), dispatchable(3, offset=2, key=OTHER_KEY))
    assert await router.parked() == [(0, "undecodable"), (1, "behind_parked_key")]
    assert await router.dispatched() == names(3)


async def test_what_the_rules_can_not_decide_parks_its_key(router: Router) -> None:
    nowhere = fact(classified(1, item="ZZZ-99"), offset=0, subject=appeal(1))
    await router.take(nowhere, dispatchable(2, offset=1), dispatchable(3, offset=2, key=OTHER_KEY))
    assert await router.parked() == [(0, "unknown_item"), (1, "behind_parked_key")]
    assert await router.dispatched() == names(3)


async def test_a_parked_record_keeps_its_bytes_and_tells_no_value(router: Router) -> None:
    phone = "13800001234"
    bad = spoilt(dispatchable(1, offset=0), b'{"data": {"phone": "' + phone.encode() + b'"}}')
    await router.take(bad)
    (row,) = await router.database.fetch("SELECT value, detail FROM router.dead_letters")
    assert row["value"] == bad.value
    assert phone not in row["detail"]


async def test_a_bad_action_is_parked_alone_whatever_its_key(router: Router) -> None:
    records = [
        Record(Topic.ACTIONS, 0, offset, KEY.encode(), value, {})
        for offset, value in enumerate([b"not json", b'{"action": "sign"}', b""])
    ]
    await router.take(*records)
    assert await router.parked() == [(0, "undecodable"), (1, "undecodable"), (2, "undecodable")]
    assert await router.position(Topic.ACTIONS) == (3, 0)


async def test_a_gap_in_an_outsiders_topic_is_passed(router: Router) -> None:
    outcome = await router.take(Record(Topic.ACTIONS, 0, 17, None, b"{}", {}))
    assert outcome.screened[0].gaps == 1
    assert await router.position(Topic.ACTIONS) == (18, 0)


async def test_a_record_that_the_database_refuses_is_found_among_its_neighbours(
    router: Router,
) -> None:
    # PostgreSQL can not store NUL in a text: what the sub-district holds reaches dispatches.
    bad = classified(2)
    poisoned = bad.model_copy(
        update={"handover": bad.handover.model_copy(update={"sub_district": "X\x00"})}
    )
    await router.take(
        dispatchable(1, offset=0, key=OTHER_KEY),
        fact(poisoned, offset=1, subject=appeal(2)),
        dispatchable(3, offset=2, key=OTHER_KEY),
    )
    assert await router.parked() == [(1, "refused_by_database")]
    assert await router.dispatched() == names(1, 3)
    assert await router.position() == (3, 3)


async def test_many_parked_keys_stop_the_consumer(router: Router) -> None:
    for offset in range(22):
        await router.take(spoilt(dispatchable(offset, offset=offset, key=f"key-{offset}")))
    assert router.consumer.flow.is_parking_tripped


async def test_two_owners_of_a_partition_write_each_event_once(
    database: Database, router: Router
) -> None:
    records = [dispatchable(n, offset=n) for n in range(20)]
    async with two_routers(database, router) as other:
        slices = [Slice(topic=Topic.CLASSIFIER_EVENTS, partition=0, records=records)]
        await router.consumer.work(slices)
        await other.consumer.work(slices)
    assert await router.dispatched() == names(*range(20))


@asynccontextmanager
async def two_routers(database: Database, _first: Router) -> AsyncGenerator[Router]:
    async with database.pool("router") as pool:
        yield Router(pool, database)
