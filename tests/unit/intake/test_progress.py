"""What a firm reads of its appeal follows what other services say."""

import json

from libs.common.contracts.sla import ClocksStarted, DeadlineSet
from services.intake.read_model import READ, Move
from tests.contracts.test_golden_events import NEWEST


def test_the_due_time_that_a_firm_sees_is_the_newest_one() -> None:
    seen = Move()
    dues: list[str | None] = []
    for event in (ClocksStarted, DeadlineSet):
        assert event.TYPE in READ
        seen.add(event.TYPE, json.loads(NEWEST[event.TYPE].read_bytes())["data"])
        dues.append(seen.resolve_due)
    assert dues == ["2026-03-05T18:00:00+08:00", "2026-03-06T18:00:00+08:00"]


def test_a_moved_limit_of_another_clock_leaves_it() -> None:
    data = json.loads(NEWEST[DeadlineSet.TYPE].read_bytes())["data"]
    data["clock"]["clock"] = "contact"
    seen = Move(resolve_due="2026-03-05T18:00:00+08:00")
    seen.add(DeadlineSet.TYPE, data)
    assert seen.resolve_due == "2026-03-05T18:00:00+08:00"
