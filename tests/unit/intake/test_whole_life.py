"""What intake's events say, beyond that they happen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from libs.common.contracts.intake import (
    AnsweredAtIntake,
    AppealAccepted,
    AppealSubmitted,
    ConfidentialitySet,
    ResolvedOnSite,
)
from libs.common.contracts.intake_screening import AppealRejected, InfoTimedOut
from libs.common.errors import RefusedError
from services.intake.adapters.rule_files import load_rules
from services.intake.domain import commands
from services.intake.domain.commands import (
    AcceptAnew,
    AdoptAppeal,
    FollowConfidentiality,
    TimeOutSupplement,
)
from services.intake.domain.decide import intake_decider
from services.intake.domain.state import InfoPending, NotSubmitted
from tests.unit.intake.life import (
    APPEAL,
    FIRM,
    NOW,
    OFFICER,
    actor,
    after,
    ask,
    decided,
    submit,
)

SHIPPED = intake_decider(load_rules())
ACCEPT = ask(commands.AcceptAppeal, actor("seat"))
REQUEST = ask(commands.RequestSupplement, actor("seat"))
SUPPLY = ask(commands.SupplySupplement, actor("firm"))
PROPOSE = ask(commands.ProposeRejection, actor("seat", "a"))
CONFIRM = ask(commands.ConfirmRejection, actor("seat", "b"))
ANSWER = ask(commands.AnswerAtIntake, actor("seat"))


def test_by_default_a_submission_is_accepted_by_a_rule_that_is_named() -> None:
    command = submit(officer=OFFICER)
    submitted, accepted = SHIPPED.decide(NotSubmitted(), command)
    assert isinstance(submitted, AppealSubmitted)
    assert isinstance(accepted, AppealAccepted)
    assert (accepted.rule_id, accepted.screening_version) == ("complete-submissions", "2026.1")
    assert accepted.accepted_at == command.prepared.occurred_at
    assert submitted.officer_id == accepted.officer_id == OFFICER


def test_a_screened_submission_waits_and_a_repeat_adds_nothing() -> None:
    assert [e.TYPE for e in decided(NotSubmitted(), submit())] == ["intake.appeal-submitted.v1"]
    assert decided(after(submit()), submit()) == []


def test_a_producer_can_ask_for_confidentiality_with_the_submission() -> None:
    plain = submit()
    prepared = replace(plain.prepared, confidentiality="whistleblower")
    command = replace(plain, prepared=prepared)
    assert any(
        isinstance(event, ConfidentialitySet) and event.confidentiality == "whistleblower"
        for event in decided(NotSubmitted(), command)
    )


def test_a_seat_accepts_at_its_own_moment_and_may_say_what_it_is() -> None:
    command = ask(
        commands.AcceptAppeal, actor("seat"), urgency="urgent", kind="complaint", sub_district="FH"
    )
    (event,) = decided(after(submit()), command)
    assert isinstance(event, AppealAccepted)
    assert (event.accepted_at, event.urgency, event.kind) == (NOW, "urgent", "complaint")
    assert (event.sub_district, event.rule_id) == ("FH", None)


def test_what_was_supplied_reaches_the_classifier_with_the_text() -> None:
    (event,) = decided(after(submit(), REQUEST, SUPPLY), ACCEPT)
    assert isinstance(event, AppealAccepted)
    assert event.text == "连续停电。\n\n【补充】签于三月。"


def test_a_supplement_that_makes_the_text_too_large_is_refused() -> None:
    long = ask(commands.SupplySupplement, actor("firm"), text="长" * 80_000)
    with pytest.raises(RefusedError, match="too long"):
        decided(after(submit(), REQUEST), long)


@pytest.mark.parametrize(("minutes", "ends"), [(-1, False), (0, True), (60, True)])
def test_only_a_limit_of_this_round_ends_the_waiting(minutes: int, *, ends: bool) -> None:
    state = after(submit(), REQUEST)
    assert isinstance(state, InfoPending)
    due = state.requested_at + timedelta(minutes=minutes)
    events = decided(state, TimeOutSupplement(appeal_id=APPEAL, due=due))
    assert [type(event) for event in events] == ([InfoTimedOut] if ends else [])


def test_a_limit_that_passes_after_the_answer_changes_nothing() -> None:
    state = after(submit(), REQUEST, SUPPLY)
    assert decided(state, TimeOutSupplement(appeal_id=APPEAL, due=NOW)) == []
    assert decided(NotSubmitted(), TimeOutSupplement(appeal_id=APPEAL, due=NOW)) == []


def test_a_rejection_tells_the_legal_path_and_names_both_officers() -> None:
    (event,) = decided(after(submit(), PROPOSE), CONFIRM)
    assert isinstance(event, AppealRejected)
    assert (event.proposed_by, event.confirmed_by, event.code) == ("a", "b", "N2")
    assert "诉讼" in event.legal_path_zh
    assert event.legal_path_en


def test_what_was_answered_goes_on_with_all_that_router_needs() -> None:
    (event,) = decided(after(submit(kind="inquiry")), ANSWER)
    assert isinstance(event, AnsweredAtIntake)
    assert event.handover.accepted_at == event.answered_at == NOW
    assert (event.handover.enterprise_id, event.handover.channel) == (FIRM, "letter")


def test_an_answer_that_was_not_enough_comes_back_to_be_classified() -> None:
    later = NOW + timedelta(days=1)
    (event,) = decided(
        after(submit(kind="inquiry"), ANSWER), AcceptAnew(appeal_id=APPEAL, accepted_at=later)
    )
    assert isinstance(event, AppealAccepted)
    assert (event.accepted_at, event.text) == (later, "连续停电。")


def test_an_appeal_that_was_accepted_is_not_accepted_anew() -> None:
    anew = AcceptAnew(appeal_id=APPEAL, accepted_at=NOW)
    assert decided(after(submit(), ACCEPT), anew) == []
    assert decided(NotSubmitted(), anew) == []


def test_a_visit_is_recorded_by_the_officer_who_made_it() -> None:
    on_site = ask(commands.ResolveOnSite, actor("officer", OFFICER))
    (event,) = decided(after(submit(officer=OFFICER)), on_site)
    assert isinstance(event, ResolvedOnSite)
    assert (event.officer_id, event.outcome) == (OFFICER, "solved")
    ahead = ask(
        commands.ResolveOnSite, actor("officer", OFFICER), visited_at=NOW + timedelta(minutes=1)
    )
    with pytest.raises(RefusedError, match="future"):
        decided(after(submit(officer=OFFICER)), ahead)


def test_a_stale_command_is_told_both_versions() -> None:
    with pytest.raises(RefusedError, match="you saw version 1; it is 2 now"):
        decided(after(submit(), PROPOSE), ask(commands.AcceptAppeal, actor("seat"), expected=1))


def test_an_unknown_appeal_is_refused() -> None:
    with pytest.raises(RefusedError, match="no such appeal"):
        decided(NotSubmitted(), ACCEPT)


def test_an_appeal_is_adopted_once_and_never_into_its_own_chain() -> None:
    adopt = AdoptAppeal(appeal_id=APPEAL, enterprise_id=FIRM, chain_key=str(APPEAL))
    assert [e.TYPE for e in decided(NotSubmitted(), adopt)] == ["intake.appeal-adopted.v1"]
    assert decided(after(adopt), adopt) == []
    own = AdoptAppeal(appeal_id=APPEAL, enterprise_id=FIRM, chain_key=str(FIRM))
    assert decided(NotSubmitted(), own) == []


def test_the_vault_follows_what_a_supervisor_sets_at_the_router() -> None:
    follow = FollowConfidentiality(appeal_id=APPEAL, confidentiality="whistleblower")
    state = after(submit(), ACCEPT)
    assert [e.TYPE for e in decided(state, follow)] == ["intake.confidentiality-set.v1"]
    assert decided(after(submit(), ACCEPT, follow), follow) == []
    assert decided(NotSubmitted(), follow) == []


def test_at_most_a_hundred_supplements_follow_an_acceptance() -> None:
    accepted = after(submit(), ACCEPT, *[SUPPLY] * 100)
    with pytest.raises(RefusedError, match="100 supplements"):
        decided(accepted, SUPPLY)
