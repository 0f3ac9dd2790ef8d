"""三率 and the rest: what is counted, what is left out, and that parts add up to the whole."""

from libs.calendar.load import load_calendar
from libs.common.contracts import router
from services.dossier.adapters.formula_files import formula_versions, load_formulas
from services.dossier.domain.life.life import Life, identity_of
from services.dossier.domain.rates.figures import (
    MeanFigure,
    PartsFigure,
    ShareFigure,
    figures,
    rounded,
)
from services.dossier.domain.rates.marking import marked
from services.dossier.domain.rates.marks import LANES, OUTCOMES, Marked
from services.dossier.domain.rates.words import PART
from tests.unit.dossier.story import APPEAL, RLJ, Story, at, happy, person

CALENDAR = load_calendar()
FORMULAS = load_formulas()
HOUR = 3_600


def seen(story: Story, until: str = "03-31 18:00") -> Marked:
    life: Life = story.life(until)
    return marked(life, identity_of(life), CALENDAR)


def share(name: str, *appeals: Marked) -> tuple[int, int, int]:
    """Counted, of, excluded."""
    found = next(one for one in figures(FORMULAS, appeals) if one.id == name)
    assert isinstance(found, ShareFigure)
    assert found.formula_version == FORMULAS.version
    return found.counts, found.of, found.excluded


def mean(name: str, *appeals: Marked) -> int | None:
    found = next(one for one in figures(FORMULAS, appeals) if one.id == name)
    assert isinstance(found, MeanFigure)
    return found.mean


def parts(name: str, *appeals: Marked) -> PartsFigure:
    found = next(one for one in figures(FORMULAS, appeals) if one.id == name)
    assert isinstance(found, PartsFigure)
    return found


def unrated() -> Story:
    story = happy()
    story.happenings.pop()
    event = router.CallbackExhausted(appeal_id=APPEAL, tries=3, passed_at=at("03-06 18:00"))
    return story.say("03-06 18:00", event)


def excluded() -> Story:
    story = happy()
    story.happenings.pop()
    approved = router.ExclusionApproved(
        appeal_id=APPEAL, reason="诉求不实", legal_basis="考核办法第九条"
    )
    closed = router.RatedAcceptable(appeal_id=APPEAL, score=1, rater="firm", excluded=True)
    return story.say("03-04 10:00", approved).say("03-04 11:00", closed)


def late() -> Story:
    return (
        Story()
        .accepted("03-02 10:00")
        .resolve_clock("03-02 10:00", "03-05 18:00")
        .classified("03-02 10:01")
        .dispatched("03-02 10:02")
        .signed("03-02 10:30")
        .result("03-06 16:00", outcome="explained")
        .resolve_stopped("03-06 16:00")
        .approved("03-06 17:00", "03-06 16:00")
        .rated("03-09 09:30", 8)
    )


def test_no_answer_of_the_firm_never_counts_as_satisfied_but_stays_in_the_base() -> None:
    assert share("satisfied", seen(happy()), seen(unrated())) == (1, 2, 0)
    assert share("satisfied_of_rated", seen(happy()), seen(unrated())) == (1, 1, 0)
    assert share("rated", seen(happy()), seen(unrated())) == (1, 2, 0)


def test_only_an_approved_exclusion_takes_an_appeal_out_of_a_rate_and_is_told() -> None:
    assert share("satisfied", seen(happy()), seen(excluded())) == (1, 1, 1)
    assert share("in_time", seen(happy()), seen(excluded())) == (1, 1, 1)


def test_in_time_is_judged_by_the_clock_and_not_by_the_close() -> None:
    assert share("in_time", seen(happy()), seen(late())) == (1, 2, 0)
    # On the sixth nothing is reported yet, and the limit has passed: that is decided.
    assert share("in_time", seen(late(), "03-06 10:00")) == (0, 1, 0)
    assert share("in_time", seen(late(), "03-05 10:00")) == (0, 0, 0)


def test_an_explained_appeal_is_closed_and_not_solved() -> None:
    both = (seen(happy()), seen(late()))
    assert share("closed", *both) == (2, 2, 0)
    assert share("solved", *both) == (1, 2, 0)


def test_a_granted_return_is_no_first_shot() -> None:
    twice = (
        Story()
        .accepted("03-02 09:00")
        .classified("03-02 09:01")
        .dispatched("03-02 09:02")
        .returned("03-02 10:00")
        .return_granted("03-02 11:00")
        .dispatched("03-02 11:30", RLJ)
        .signed("03-02 12:00", RLJ)
    )
    assert share("one_shot", seen(happy()), seen(twice)) == (1, 2, 0)
    # A dispatch that nobody has answered yet says nothing.
    assert share("one_shot", seen(twice, "03-02 09:30")) == (0, 0, 0)


def test_inquiries_and_others_have_means_of_their_own_in_working_time() -> None:
    inquiry = (
        Story()
        .accepted("03-02 09:00", kind="inquiry")
        .classified("03-02 09:01")
        .dispatched("03-02 09:02")
        .signed("03-02 09:30")
        .result("03-02 11:00", outcome="explained")
        .approved("03-02 12:00", "03-02 11:00")
    )
    both = (seen(happy()), seen(inquiry))
    assert mean("time_inquiry", *both) == 2 * HOUR
    # 10:00–12:00 and 14:00–18:00, then 09:00–12:00 and 14:00–16:00.
    assert mean("time_other", *both) == 11 * HOUR
    assert mean("elapsed_other", *both) == 30 * HOUR
    assert mean("time_inquiry", seen(happy())) is None


def test_solved_explained_and_the_rest_are_told_apart_and_add_up() -> None:
    withdrawn = Story(appeal=APPEAL)
    withdrawn.accepted("03-02 09:00").happenings.pop()
    withdrawn.withdrawn_at_intake("03-02 10:00")
    open_one = Story().accepted("03-02 09:00").classified("03-02 09:01")
    appeals = [seen(one) for one in (happy(), late(), unrated(), withdrawn, open_one)]
    found = parts("outcomes", *appeals)
    assert (found.whole, sum(found.parts.values())) == (5, 5)
    told = {name: many for name, many in found.parts.items() if many}
    assert told == {
        "outcome_solved": 2,
        "outcome_explained": 1,
        "outcome_withdrawn": 1,
        "outcome_open": 1,
    }
    lanes = parts("lanes", *appeals)
    assert (lanes.parts["lane_referred"], lanes.parts["lane_none"]) == (3, 2)


def test_every_appeal_has_exactly_one_outcome_and_one_way_at_any_moment() -> None:
    for story in (happy(), late(), unrated(), excluded()):
        for one in story.happenings:
            found = marked(life := story.life(one.time), identity_of(life), CALENDAR).marks
            assert len(found & set(OUTCOMES)) == 1
            assert len(found & set(LANES)) == 1


def test_rates_of_a_day_do_not_know_what_came_after_it() -> None:
    assert share("satisfied", seen(happy(), "03-03 18:00")) == (0, 0, 0)
    assert share("satisfied", seen(happy(), "03-04 18:00")) == (1, 1, 0)


def test_an_unhappy_rating_is_the_last_word_until_a_better_one_comes() -> None:
    unhappy = happy()
    unhappy.happenings.pop()
    unhappy.displeased("03-04 10:00")
    assert share("satisfied", seen(unhappy)) == (0, 1, 0)
    assert "outcome_open" in seen(unhappy).marks
    unhappy.result("03-05 10:00").approved("03-05 11:00", "03-05 10:00").rated("03-06 10:00")
    assert share("satisfied", seen(unhappy)) == (1, 1, 0)


def test_a_department_can_not_close_with_an_interim_word() -> None:
    story = Story().accepted("03-02 09:00").classified("03-02 09:01").dispatched("03-02 09:02")
    reply = router.InterimReplied(
        appeal_id=APPEAL, department=RLJ, reply="正在办理", replied_at=at("03-02 10:00")
    )
    story.say("03-02 10:00", reply, person("department", "rlj", "li"))
    assert share("closed", seen(story)) == (0, 1, 0)


def test_nothing_to_count_is_no_figure_and_not_a_zero() -> None:
    found = [one for one in figures(FORMULAS, []) if isinstance(one, ShareFigure)]
    assert {one.basis_points for one in found} == {None}


def test_shares_are_rounded_half_up_in_basis_points() -> None:
    assert rounded(302 * 10_000, 303) == 9_967
    assert rounded(1, 2) == 1


def test_every_shipped_formula_file_can_be_read_and_every_part_has_a_name() -> None:
    for version in formula_versions():
        assert load_formulas(version).version == version
    assert set(PART) == {*OUTCOMES, *LANES}
