"""Dead letters applied again: in order, with their keys, and never twice."""

import pytest

from libs.common.execution.redrive import Filter, Redriver, discard, letters
from tests.support.records import appeal, classified, dispatchable, fact, spoilt
from tests.support.router import Router, names

OTHER_KEY = "00000000-0000-0000-0000-0000000000e2"


async def redrive(router: Router, wanted: Filter) -> tuple[int, int]:
    return await Redriver(router.apply.pool, router.apply.work).redrive(wanted)


async def test_a_discarded_offender_lets_what_waited_behind_it_go_through(router: Router) -> None:
    await router.take(spoilt(dispatchable(1, offset=0)), dispatchable(2, offset=1))
    await router.take(dispatchable(3, offset=2))
    assert await discard(router.apply.pool, Filter(reason="undecodable"), "sent by mistake") == 1
    assert await redrive(router, Filter()) == (2, 0)
    assert await router.dispatched() == names(2, 3)


async def test_what_fails_again_waits_again_and_holds_its_key(router: Router) -> None:
    nowhere = fact(classified(1, item="ZZZ-99"), offset=0, subject=appeal(1))
    await router.take(nowhere, dispatchable(2, offset=1), dispatchable(3, offset=2, key=OTHER_KEY))
    assert await redrive(router, Filter()) == (0, 2)
    assert await router.parked() == [(0, "unknown_item"), (1, "behind_parked_key")]
    assert await router.dispatched() == names(3)


async def test_a_redriven_letter_is_not_applied_a_second_time(router: Router) -> None:
    await router.take(spoilt(dispatchable(1, offset=0)), dispatchable(2, offset=1))
    await discard(router.apply.pool, Filter(reason="undecodable"), "sent by mistake")
    await redrive(router, Filter())
    assert await redrive(router, Filter()) == (0, 0)
    assert await router.dispatched() == names(2)


async def test_new_records_of_the_key_are_decided_at_once_after_the_redrive(
    router: Router,
) -> None:
    await router.take(spoilt(dispatchable(1, offset=0)), dispatchable(2, offset=1))
    await discard(router.apply.pool, Filter(reason="undecodable"), "sent by mistake")
    await redrive(router, Filter())
    await router.take(dispatchable(3, offset=2))
    assert await router.dispatched() == names(2, 3)


@pytest.mark.parametrize("reason", ["undecodable", "behind_parked_key"])
async def test_letters_are_found_by_their_reason(router: Router, reason: str) -> None:
    await router.take(spoilt(dispatchable(1, offset=0)), dispatchable(2, offset=1))
    found = await letters(router.apply.pool, Filter(reason=reason))
    assert [letter.reason for letter in found] == [reason]
