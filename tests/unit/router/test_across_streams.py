"""Merging with undo, orders over many appeals, and safety matters that outlive a withdrawal."""

from typing import Final

import pytest

from libs.common.contracts.actions import ACTION
from libs.common.contracts.router import (
    AppealAcceptedAnew,
    AppealDispatched,
    AppealWithdrawn,
    MergeJoined,
    OrderProgressed,
)
from libs.common.errors import RefusedError
from libs.common.ids import AppealId, ItemCode
from services.router.domain.commands import Act, Dispatch, TakeBack
from services.router.domain.state import Held
from tests.support.records import NOON, appeal, handover
from tests.unit.router.asking import APPEAL, KEY, MASTER
from tests.unit.router.reference import Asked
from tests.unit.router.world import World

CHILD: Final = APPEAL
OTHER_KEY: Final = "00000000-0000-0000-0000-0000000000e2"
ORDER: Final = appeal(99)
MERGE: Final = Asked("merge", NOON)
LEAD: Final = "gdj"


def dispatch(appeal_id: AppealId) -> Dispatch:
    return Dispatch(appeal_id=appeal_id, item=ItemCode("PUB-01"), handover=handover(), now=NOON)


def world(*appeals: AppealId) -> World:
    made = World()
    for one in appeals:
        made.dispatch(dispatch(one))
    return made


def finish(made: World, appeal_id: AppealId, score: int = 9) -> None:
    """Signed, helped, reported, approved and rated."""
    for command, department in (
        ("sign", LEAD),
        ("report-co-handling", "gxj"),
        ("submit-result", LEAD),
        ("approve-result", LEAD),
        ("rate", LEAD),
    ):
        asked = Asked(command, NOON, department=department, unit=department, score=score)
        made.ask(appeal_id, asked)


def merge_into(made: World, child: AppealId, master: AppealId) -> None:
    state = made.state(child)
    action = ACTION.validate_python(
        {
            "action": "merge",
            "command_id": "m",
            "appeal_id": child,
            "actor": {"kind": "dispatcher", "id": "p", "unit": "rx"},
            "expected_version": state.version,
            "master": master,
            "master_key": KEY,
            "reason": "同一停电",
        }
    )
    made.tell(Act(action=action, key=KEY, now=NOON))


def test_a_master_counts_one_case_and_every_visit_and_closes_its_children() -> None:
    made = world(MASTER, CHILD, appeal(3))
    merge_into(made, CHILD, MASTER)
    merge_into(made, appeal(3), MASTER)
    made.settle(twice=True)
    joined = [e for e in made.events[MASTER] if isinstance(e, MergeJoined)]
    assert [(e.appeals, e.visits) for e in joined] == [(1, 2), (1, 3)]
    assert joined[0].accepted_at == handover().accepted_at
    finish(made, MASTER)
    made.settle(twice=True)
    assert (made.stage(CHILD), made.stage(appeal(3))) == ("callback_pending", "callback_pending")
    made.ask(CHILD, Asked("rate", NOON, score=2))
    assert made.stage(CHILD) == "rework"


def test_an_unmerged_child_stands_where_it_stood_and_the_master_forgets_it() -> None:
    made = world(MASTER, CHILD)
    made.ask(CHILD, Asked("sign", NOON))
    merge_into(made, CHILD, MASTER)
    made.settle()
    made.ask(CHILD, Asked("unmerge", NOON))
    made.settle(twice=True)
    master = made.state(MASTER)
    assert isinstance(master, Held)
    assert (made.stage(CHILD), master.children) == ("in_progress", ())


def test_a_master_that_is_withdrawn_sends_its_children_back() -> None:
    made = world(MASTER, CHILD)
    merge_into(made, CHILD, MASTER)
    made.settle()
    made.tell(TakeBack(appeal_id=MASTER, reason="不再需要", withdrawn_at=NOON, key=KEY))
    made.settle(twice=True)
    assert (made.stage(MASTER), made.stage(CHILD)) == ("withdrawn", "dispatched")


@pytest.mark.parametrize("end", ["unknown", "withdrawn"])
def test_who_joins_a_master_that_does_not_live_comes_back(end: str) -> None:
    made = world(CHILD) if end == "unknown" else world(CHILD, MASTER)
    if end == "withdrawn":
        made.tell(TakeBack(appeal_id=MASTER, reason="撤", withdrawn_at=NOON, key=KEY))
    merge_into(made, CHILD, MASTER)
    assert made.stage(CHILD) == "merged"
    made.settle()
    assert made.stage(CHILD) == "dispatched"


def test_two_that_join_each_other_at_once_both_come_back() -> None:
    made = world(CHILD, MASTER)
    merge_into(made, CHILD, MASTER)
    merge_into(made, MASTER, CHILD)
    made.settle()
    assert (made.stage(CHILD), made.stage(MASTER)) == ("dispatched", "dispatched")


def test_a_withdrawn_child_leaves_its_master() -> None:
    made = world(MASTER, CHILD)
    merge_into(made, CHILD, MASTER)
    made.settle()
    made.ask(CHILD, Asked("withdraw", NOON))
    made.settle(twice=True)
    master = made.state(MASTER)
    assert isinstance(master, Held)
    assert (made.stage(CHILD), master.children) == ("withdrawn", ())


def issue(made: World, *appeals: AppealId) -> None:
    action = ACTION.validate_python(
        {
            "action": "issue-order",
            "command_id": "o",
            "appeal_id": ORDER,
            "actor": {"kind": "supervisor", "id": "p", "unit": "qdc"},
            "number": "JB-1",
            "title": "第一批",
            "appeals": dict.fromkeys(appeals, KEY),
        }
    )
    made.tell(Act(action=action, key=str(ORDER), now=NOON), str(ORDER))


def test_an_order_counts_its_appeals_as_they_end_whichever_way() -> None:
    made = world(CHILD, MASTER, appeal(3))
    made.tell(TakeBack(appeal_id=appeal(3), reason="撤", withdrawn_at=NOON, key=KEY))
    issue(made, CHILD, MASTER, appeal(3))
    made.settle(twice=True)
    finish(made, CHILD)
    made.settle(twice=True)
    progress = [e for e in made.events[ORDER] if isinstance(e, OrderProgressed)]
    assert [(e.settled_appeal, e.ended, e.settled, e.total) for e in progress] == [
        (appeal(3), "withdrawn", 1, 3),
        (CHILD, "closed", 2, 3),
    ]


def test_an_order_is_issued_once() -> None:
    made = world(CHILD)
    issue(made, CHILD)
    with pytest.raises(RefusedError) as caught:
        issue(made, CHILD)
    assert caught.value.code == "order_exists"


def test_a_safety_matter_outlives_its_withdrawal_under_a_new_id() -> None:
    made = world(CHILD)
    asked = Act(
        action=ACTION.validate_python(
            {
                "action": "withdraw",
                "command_id": "w",
                "appeal_id": CHILD,
                "actor": {"kind": "firm", "id": "p", "unit": KEY},
                "is_safety_matter": True,
            }
        ),
        key=KEY,
        now=NOON,
    )
    made.tell(asked)
    made.settle(twice=True)
    (withdrawn,) = [e for e in made.events[CHILD] if isinstance(e, AppealWithdrawn)]
    assert withdrawn.continues_as is not None
    first, second = made.events[withdrawn.continues_as]
    assert isinstance(first, AppealAcceptedAnew)
    assert isinstance(second, AppealDispatched)
    assert (first.continues, second.item, second.lead) == (CHILD, "PUB-01", LEAD)


def test_what_is_withdrawn_before_its_classification_is_not_dispatched() -> None:
    made = World()
    made.tell(TakeBack(appeal_id=CHILD, reason="撤", withdrawn_at=NOON, key=KEY))
    made.dispatch(dispatch(CHILD))
    assert made.names(CHILD) == ["AppealWithdrawn"]
