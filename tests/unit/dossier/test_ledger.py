"""责任时长账: every second between acceptance and close belongs to exactly one holder."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from libs.calendar.load import load_calendar
from libs.common.contracts import router, sla
from services.dossier.domain.ledger.scorecards import Scorecards
from services.dossier.domain.ledger.segments import Account, Duty, account_of
from services.dossier.domain.ledger.turns import turns_of
from services.dossier.domain.life.life import identity_of
from tests.unit.dossier.life import ITEM
from tests.unit.dossier.story import APPEAL, GXJ, KCJ, RLJ, Story, at, happy, person

CALENDAR = load_calendar()
HOUR = 3_600


def account(story: Story, until: str = "03-31 18:00") -> Account:
    life = story.life(until)
    return account_of(CALENDAR, turns_of(life.happenings, life.until), life.until)


def held(found: Account) -> list[tuple[str, str | None, Duty, int]]:
    return [
        (one.turn.unit, one.turn.person, one.turn.duty, one.working_seconds)
        for one in found.segments
    ]


def test_a_straight_life_is_split_among_hotline_lead_reviewer_and_callback() -> None:
    found = account(happy())
    assert held(found) == [
        ("rx", None, Duty.CLASSIFY, 60),
        ("rx", None, Duty.DISPATCH, 60),
        ("gxj", None, Duty.SIGN, 28 * 60),
        # 10:30–12:00 and 14:00–18:00, then 09:00–12:00 and 14:00–16:00.
        ("gxj", "zhang", Duty.HANDLE, (90 + 240 + 180 + 120) * 60),
        ("rx", "reviewer-1", Duty.REVIEW_RESULT, HOUR),
        ("rx", None, Duty.CALL_BACK, (60 + 30) * 60),
    ]
    assert found.working_seconds == sum(one.working_seconds for one in found.segments)
    assert found.calendar_seconds == (at("03-04 09:30") - at("03-02 10:00")) // timedelta(seconds=1)


def test_each_segment_names_the_event_that_began_it() -> None:
    causes = [one.turn.cause.type for one in account(happy()).segments]
    assert causes == [
        "intake.appeal-accepted.v1",
        "classifier.appeal-classified.v1",
        "router.appeal-dispatched.v1",
        "router.dispatch-signed.v1",
        "router.result-submitted.v1",
        "router.result-approved.v1",
    ]


def test_who_returns_an_appeal_holds_it_until_the_return_is_granted() -> None:
    story = (
        Story()
        .accepted("03-02 09:00")
        .classified("03-02 09:00")
        .dispatched("03-02 09:00")
        .returned("03-02 10:00")
        .return_granted("03-03 10:00")
        .dispatched("03-03 11:00", RLJ)
    )
    assert held(account(story, "03-03 12:00")) == [
        ("gxj", None, Duty.SIGN, HOUR),
        ("gxj", "zhang", Duty.AWAIT_RETURN, 7 * HOUR),
        # The seat that granted it sends it on.
        ("rx", None, Duty.DISPATCH, HOUR),
        ("rlj", None, Duty.SIGN, HOUR),
    ]


def test_in_a_dispute_the_returner_holds_it_until_a_provisional_lead_is_named() -> None:
    dispute = router.DisputeOpened(
        appeal_id=APPEAL, because="second_return", returns=2, parties=(GXJ, RLJ), note=None
    )
    named = router.ProvisionalLeadNamed(appeal_id=APPEAL, department=KCJ, reason="先办后议")
    ruled = router.RulingIssued(
        appeal_id=APPEAL,
        lead=RLJ,
        co_handlers=(),
        item=ITEM,
        category="FIN",
        urgency="normal",
        reason="职责明确",
        legal_basis="三定方案",
        ruled_at=at("03-02 16:00"),
    )
    story = (
        Story()
        .accepted("03-02 09:00")
        .classified("03-02 09:00")
        .dispatched("03-02 09:00")
        .returned("03-02 10:00")
        .say("03-02 11:00", dispute)
        .say("03-02 14:00", named, person("arbiter", "zzb", "arbiter-1"))
        .say("03-02 16:00", ruled, person("arbiter", "zzb", "arbiter-1"))
    )
    assert held(account(story, "03-02 17:00")) == [
        ("gxj", None, Duty.SIGN, HOUR),
        ("gxj", "zhang", Duty.AWAIT_RETURN, HOUR),
        ("gxj", "zhang", Duty.AWAIT_RULING, HOUR),
        ("kcj", None, Duty.HANDLE, 2 * HOUR),
        ("rlj", None, Duty.SIGN, HOUR),
    ]


def test_a_rejected_result_has_stopped_nothing_and_its_review_is_the_reviewers_time() -> None:
    story = (
        Story()
        .accepted("03-02 09:00")
        .classified("03-02 09:00")
        .dispatched("03-02 09:00")
        .signed("03-02 09:00")
        .result("03-02 11:00")
        .rejected("03-02 12:00", "03-02 11:00")
    )
    assert held(account(story, "03-02 15:00")) == [
        ("gxj", "zhang", Duty.HANDLE, 2 * HOUR),
        ("rx", "reviewer-1", Duty.REVIEW_RESULT, HOUR),
        ("gxj", "zhang", Duty.HANDLE, HOUR),
    ]


def test_a_pause_is_the_firms_time_until_its_cap_and_then_the_askers_again() -> None:
    asked = router.InfoRequested(
        appeal_id=APPEAL,
        department=GXJ,
        missing="营业执照",
        round=1,
        requested_at=at("03-02 10:00"),
    )
    paused = sla.ClocksPaused(
        appeal_id=APPEAL,
        clocks=("resolve",),
        paused_at=at("03-02 10:00"),
        runs_again_at=at("03-05 10:00"),
    )
    story = (
        Story()
        .accepted("03-02 09:00")
        .classified("03-02 09:00")
        .dispatched("03-02 09:00")
        .signed("03-02 09:00")
        .say("03-02 10:00", asked, person("department", "gxj", "zhang"))
        .say("03-02 10:00", paused)
    )
    assert held(account(story, "03-04 10:00"))[1:] == [
        ("firm", None, Duty.SUPPLEMENT, 2 * 7 * HOUR),
    ]
    late = account(story, "03-05 11:00")
    assert held(late)[1:] == [
        ("firm", None, Duty.SUPPLEMENT, 3 * 7 * HOUR),
        ("gxj", "zhang", Duty.HANDLE, HOUR),
    ]
    assert [one.turn.is_resting for one in late.segments] == [False, True, False]


def test_the_time_between_a_close_and_a_reopening_is_nobodys() -> None:
    reopened = router.AppealReopened(
        appeal_id=APPEAL,
        new_facts="再次停电",
        closed_at=at("03-04 09:30"),
        reopened_at=at("03-10 09:00"),
        leads_to="rework",
    )
    story = happy().say("03-10 09:00", reopened)
    found = account(story, "03-10 10:00")
    assert held(found)[-1] == ("qdc", None, Duty.ORDER_REWORK, HOUR)
    assert found.working_seconds == account(happy()).working_seconds + HOUR


def test_an_appeal_that_ended_before_acceptance_has_no_ledger() -> None:
    story = Story()
    story.accepted("03-02 09:00").happenings.pop()
    story.withdrawn_at_intake("03-02 10:00")
    assert account(story) == Account(
        segments=(), working_seconds=0, calendar_seconds=0, calendar_version="cn-2026.1"
    )


def test_as_of_a_moment_the_ledger_ends_at_that_moment_and_later_events_do_not_exist() -> None:
    found = account(happy(), "03-02 11:00")
    assert found.segments[-1].is_open
    assert found.segments[-1].ends_at == at("03-02 11:00")
    assert found.calendar_seconds == HOUR


TELLERS: dict[str, Callable[[Story, str], Story]] = {
    "dispatched": Story.dispatched,
    "signed": Story.signed,
    "returned": Story.returned,
    "granted": Story.return_granted,
    "result": Story.result,
    "rejected": lambda story, when: story.rejected(when, when),
    "rated": Story.rated,
    "displeased": Story.displeased,
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(sorted(TELLERS)),
        st.integers(min_value=0, max_value=4 * 24 * 60 * 60 * 1_000),
    ),
    max_size=25,
)


def told(steps: list[tuple[str, int]]) -> tuple[Story, datetime]:
    """Any events in any order: the ledger may not rely on anybody keeping the rules."""
    story = Story().accepted("02-10 08:59").classified("02-10 09:00")
    moment = at("02-10 09:00")
    for name, milliseconds in steps:
        moment += timedelta(milliseconds=milliseconds)
        TELLERS[name](story, moment.strftime("%m-%d %H:%M:%S.%f"))
    return story, moment + timedelta(hours=1)


@given(STEPS)
def test_the_segments_add_up_to_the_elapsed_working_and_calendar_time(
    steps: list[tuple[str, int]],
) -> None:
    story, until = told(steps)
    life = story.life(until)
    found = account_of(CALENDAR, turns_of(life.happenings, until), until)
    assert sum(one.working_seconds for one in found.segments) == found.working_seconds
    assert sum(one.calendar_seconds for one in found.segments) == found.calendar_seconds
    for before, after in pairwise(found.segments):
        assert before.ends_at <= after.starts_at
    if not any(one.state == "CLOSED" for one in turns_of(life.happenings, until)):
        whole = (until.replace(microsecond=0) - at("02-10 08:59")) // timedelta(seconds=1)
        assert found.calendar_seconds == whole


@given(STEPS)
def test_both_scorecards_together_hold_no_more_and_no_less_than_the_ledger(
    steps: list[tuple[str, int]],
) -> None:
    story, until = told(steps)
    life = story.life(until)
    found = account_of(CALENDAR, turns_of(life.happenings, until), until)
    cards = Scorecards()
    cards.take(life, identity_of(life), found)
    assert sum(card.working_seconds for card in cards.units.values()) == found.working_seconds
    named = sum(one.working_seconds for one in found.segments if one.turn.person)
    assert sum(card.working_seconds for card in cards.people.values()) == named


def test_a_scorecard_counts_what_a_unit_and_its_person_did() -> None:
    story = happy()
    life = story.life("03-31 18:00")
    cards = Scorecards()
    cards.take(life, identity_of(life), account(story))
    unit, clerk = cards.units["gxj"], cards.people["gxj", "zhang"]
    assert (unit.dispatched, unit.signed, unit.results, unit.in_time) == (1, 1, 1, 1)
    assert (clerk.results, clerk.satisfied, clerk.ratings, clerk.score_sum) == (1, 1, 1, 9)
    assert cards.officers["gd-7"].appeals == {str(APPEAL)}
    assert cards.people["rx", "reviewer-1"].working_seconds == HOUR


def test_an_approved_exclusion_takes_the_work_off_the_card_but_not_the_time() -> None:
    excluded = router.ExclusionApproved(
        appeal_id=APPEAL, reason="诉求不实", legal_basis="考核办法第九条"
    )
    story = happy(score=2).say("03-05 09:00", excluded, person("supervisor", "qdc", "chief"))
    life = story.life("03-31 18:00")
    cards = Scorecards()
    cards.take(life, identity_of(life), account(story))
    assert cards.units["gxj"].ratings == 0
    assert cards.units["gxj"].working_seconds > 0
