"""What the events of an appeal say together does not depend on the order of the topics."""

from collections.abc import Sequence
from dataclasses import astuple
from itertools import permutations
from typing import get_args

from libs.common.contracts.classifier import ReviewReason
from libs.common.contracts.envelope import Event
from libs.common.contracts.router import Outcome
from libs.common.contracts.sla import EscalationRevoked
from libs.common.contracts.values import ClockName, Urgency
from libs.common.subscription import Record
from services.dossier.domain.clock_summaries import CLOCK
from services.dossier.domain.entries import chain_key_of
from services.dossier.domain.events import EVENTS, AnyEvent
from services.dossier.domain.facts import AppealFacts, EnterpriseFact, Facts, Rung
from services.dossier.domain.folding import fold
from services.dossier.domain.intake_lines import URGENCY
from services.dossier.domain.lines import Line
from services.dossier.domain.router_lines import OUTCOME
from services.dossier.domain.states import ClassifierState, IntakeState, RouterState
from services.dossier.domain.summaries import REASON, summary_of
from services.dossier.read_model.projection import decode
from tests.unit.dossier import life
from tests.unit.dossier.life import DUE, ENTERPRISE, LEAD, NAME, SUBMITTED, USCC, Journal

APPEAL = life.appeal_number(1)
INTAKE = (life.submitted(APPEAL), life.accepted(APPEAL))
CLASSIFIER = (life.classified(APPEAL),)
ROUTER = (life.dispatched(APPEAL), life.signed(APPEAL), life.result(APPEAL))
SLA = (life.clocks_started(APPEAL, provisional=True), life.limit_passed(APPEAL))


def facts_of(events: Sequence[Event]) -> Facts:
    facts, journal = Facts(), Journal()
    for record in [journal.record(event, APPEAL) for event in events]:
        take(facts, record)
    return facts


def take(facts: Facts, record: Record) -> None:
    told = decode(record.text("ce_type"), record.value or b"")
    assert told is not None
    fold(facts, chain_key_of(record.key), told)


def appeal_of(events: Sequence[Event]) -> AppealFacts:
    return facts_of(events).appeals[APPEAL]


def test_every_contract_is_read() -> None:
    assert set(EVENTS) == set(get_args(AnyEvent))


def test_every_order_of_the_topics_says_the_same() -> None:
    told = {
        astuple(appeal_of([event for topic in topics for event in topic]))
        for topics in permutations([INTAKE, CLASSIFIER, ROUTER, SLA])
    }
    assert len(told) == 1


def test_an_appeal_says_who_what_when_and_where_it_stands() -> None:
    told = appeal_of([*INTAKE, *CLASSIFIER, *ROUTER, *SLA])
    assert (told.enterprise_id, told.enterprise_name, told.uscc) == (ENTERPRISE, NAME, USCC)
    assert (told.source_id, told.submitted_at, told.accepted_at) == (
        "GD000001",
        SUBMITTED,
        SUBMITTED,
    )
    assert (told.item, told.category, told.lead) == ("FIN-001", "FIN", LEAD)
    assert (told.confidence, told.urgency) == (9_100, "normal")
    assert told.intake_state is IntakeState.ACCEPTED
    assert told.classifier_state is ClassifierState.CLASSIFIED
    assert told.router_state is RouterState.RESULT_SUBMITTED
    assert (told.resolve_due, told.provisional, told.events) == (DUE, True, 8)


def test_urgency_only_rises() -> None:
    urgent = life.dispatched(APPEAL, urgency="urgent")
    assert appeal_of([urgent, *INTAKE]).urgency == "urgent"
    assert appeal_of([*INTAKE, urgent]).urgency == "urgent"


def test_a_rated_appeal_is_closed_at_the_time_of_the_rating() -> None:
    told = appeal_of([life.approved(APPEAL), life.rated(APPEAL)])
    assert told.router_state is RouterState.CLOSED
    assert told.closed_at == told.last_event_at


def test_the_firm_is_told_once_for_all_its_appeals() -> None:
    facts = facts_of([life.submitted(APPEAL), life.submitted(life.appeal_number(2))])
    assert facts.enterprises == {ENTERPRISE: EnterpriseFact(ENTERPRISE, NAME, USCC)}
    assert len(facts.appeals) == 2


def test_a_level_that_fires_twice_is_seen_to_have_done_so() -> None:
    facts = facts_of([life.limit_passed(APPEAL), life.limit_passed(APPEAL)])
    rung = Rung(APPEAL, "resolve", 1, 2)
    assert facts.escalations[rung].fired == 2


def test_a_revoked_level_is_named() -> None:
    revoked = EscalationRevoked(
        appeal_id=APPEAL,
        clock="resolve",
        deadline_version=1,
        level=2,
        step_at=DUE,
        stopped_at=SUBMITTED,
    )
    assert facts_of([life.limit_passed(APPEAL), revoked]).revoked == [Rung(APPEAL, "resolve", 1, 2)]


def test_every_word_of_the_contracts_has_its_translation() -> None:
    pairs = ((URGENCY, Urgency), (REASON, ReviewReason), (OUTCOME, Outcome), (CLOCK, ClockName))
    for words, contract in pairs:
        assert set(words) == set(get_args(contract))


def test_a_person_reads_names_and_shanghai_time() -> None:
    names = {"gxj": Line("工业和信息化局", "Industry Bureau")}
    told = decode("sla.limit-passed.v1", Journal().record(SLA[1], APPEAL).value or b"")
    assert told is not None
    line = summary_of(told.data, names)
    assert line.zh == "逾期：办结时限，第 2 级，应于 2026-03-05 18:00"
    signed = decode("router.dispatch-signed.v1", Journal().record(ROUTER[1], APPEAL).value or b"")
    assert signed is not None
    assert summary_of(signed.data, names) == Line(
        "签收：工业和信息化局", "signed for by Industry Bureau"
    )
