from datetime import UTC, datetime, timedelta

from libs.common.contracts.topics import Topic
from services.sla.adapters.watermark import GRACE, MOST_SEEN, Watermarks

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
INTAKE, ROUTER = Topic.INTAKE_EVENTS, Topic.ROUTER_EVENTS


def watermarks() -> Watermarks:
    return Watermarks((INTAKE, ROUTER))


def ends(intake: int, router: int, partition: int = 0) -> dict[tuple[Topic, int], int]:
    return {(INTAKE, partition): intake, (ROUTER, partition): router}


def test_a_partition_is_heard_once_every_topic_is_read_to_the_end_that_was_seen() -> None:
    marks = watermarks()
    marks.see(NOON, 0, ends(5, 7))
    marks.hear(ends(5, 6))
    assert marks.untils == {}
    marks.hear(ends(5, 7))
    assert marks.untils == {0: NOON - GRACE}


def test_an_empty_topic_holds_nothing_back() -> None:
    marks = watermarks()
    marks.see(NOON, 0, ends(0, 0))
    marks.hear(ends(0, 0))
    assert marks.untils == {0: NOON - GRACE}


def test_a_partition_of_which_no_position_is_stored_is_never_heard() -> None:
    marks = watermarks()
    marks.see(NOON, 0, ends(0, 0))
    marks.hear({(INTAKE, 0): 0})
    assert marks.untils == {}


def test_under_steady_traffic_the_mark_follows_the_ends_seen_earlier() -> None:
    """The newest end is never reached while records keep coming; an older one is."""
    marks = watermarks()
    for second in range(10):
        marks.see(NOON + second * SECOND, 0, ends(100 + 10 * second, 0))
    marks.hear(ends(145, 0))
    assert marks.untils == {0: NOON + 4 * SECOND - GRACE}


def test_a_long_lag_keeps_the_oldest_ends_and_the_newest_one() -> None:
    marks = watermarks()
    last = 10 * MOST_SEEN
    for second in range(last + 1):
        marks.see(NOON + second * SECOND, 0, ends(second, 0))
    marks.hear(ends(3, 0))
    assert marks.untils == {0: NOON + 3 * SECOND - GRACE}
    marks.hear(ends(last, 0))
    assert marks.untils == {0: NOON + last * SECOND - GRACE}


def test_a_mark_never_goes_back() -> None:
    marks = watermarks()
    marks.see(NOON, 0, ends(1, 1))
    marks.hear(ends(1, 1))
    marks.see(NOON + SECOND, 0, ends(9, 9))
    marks.hear(ends(1, 1))
    assert marks.untils == {0: NOON - GRACE}


def test_a_partition_counts_only_while_all_its_topics_are_read_here() -> None:
    assigned = {(INTAKE, 0), (ROUTER, 0), (INTAKE, 1), (ROUTER, 2)}
    assert watermarks().owned(assigned) == [0]


def test_what_was_heard_of_a_partition_is_forgotten_when_it_goes() -> None:
    marks = watermarks()
    for partition in (0, 1):
        marks.see(NOON, partition, ends(0, 0, partition))
    marks.hear(ends(0, 0, 0) | ends(0, 0, 1))
    marks.keep_only([1])
    assert marks.untils == {1: NOON - GRACE}
