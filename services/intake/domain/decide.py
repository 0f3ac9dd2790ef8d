"""What follows from a command, given what has happened. Pure."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, assert_never

from libs.common.contracts.envelope import Actor, ActorKind
from libs.common.contracts.intake import AppealEvent
from libs.common.decider import Decider
from services.intake.domain import commands, handing, refusals, screening, settling
from services.intake.domain.evolve import evolve
from services.intake.domain.rules import IntakeRules
from services.intake.domain.state import Adopted, Facets, IntakeState, NotSubmitted, OfAppeal

# Who may ask for what. A key over HTTP is checked besides.
ACTORS: Final[Mapping[type[commands.FromOutside], frozenset[ActorKind]]] = {
    commands.AcceptAppeal: frozenset({"seat", "supervisor"}),
    commands.RequestSupplement: frozenset({"seat"}),
    commands.SupplySupplement: frozenset({"firm", "producer", "seat"}),
    commands.ProposeRejection: frozenset({"seat"}),
    commands.ConfirmRejection: frozenset({"seat", "supervisor"}),
    commands.DeclineRejection: frozenset({"seat", "supervisor"}),
    commands.ObjectToRejection: frozenset({"firm", "producer", "seat"}),
    commands.OverturnRejection: frozenset({"supervisor"}),
    commands.UpholdRejection: frozenset({"supervisor"}),
    commands.AnswerAtIntake: frozenset({"seat"}),
    commands.ResolveOnSite: frozenset({"officer"}),
    commands.OfferEmergency: frozenset({"seat"}),
    commands.AcknowledgeEmergency: frozenset({"department"}),
    commands.DeclineEmergency: frozenset({"department"}),
    commands.WithdrawAppeal: frozenset({"firm", "producer", "seat"}),
    commands.LinkEnterprise: frozenset({"seat", "officer", "supervisor"}),
    commands.ChangeConfidentiality: frozenset({"firm", "seat", "supervisor"}),
}
DECISIONS: Final[Mapping[type[commands.FromOutside], Callable[..., Sequence[AppealEvent]]]] = {
    commands.AcceptAppeal: handing.accept,
    commands.RequestSupplement: screening.request_supplement,
    commands.SupplySupplement: screening.supply_supplement,
    commands.ProposeRejection: screening.propose_rejection,
    commands.DeclineRejection: screening.decline_rejection,
    commands.ObjectToRejection: screening.object_to_rejection,
    commands.OverturnRejection: screening.overturn_rejection,
    commands.UpholdRejection: screening.uphold_rejection,
    commands.AnswerAtIntake: handing.answer_at_intake,
    commands.ResolveOnSite: handing.resolve_on_site,
    commands.OfferEmergency: settling.offer_emergency,
    commands.AcknowledgeEmergency: settling.acknowledge_emergency,
    commands.DeclineEmergency: settling.decline_emergency,
    commands.WithdrawAppeal: settling.withdraw,
    commands.LinkEnterprise: settling.link,
    commands.ChangeConfidentiality: settling.change_confidentiality,
}


def decide(
    rules: IntakeRules, state: IntakeState, command: commands.IntakeCommand
) -> Sequence[AppealEvent]:
    match command:
        case commands.SubmitAppeal():
            return handing.submit(rules, state, command)
        case commands.AdoptAppeal():
            return settling.adopt(state, command)
        case commands.TimeOutSupplement():
            return screening.time_out_supplement(state, command)
        case commands.AcceptAnew():
            return handing.accept_anew(state, command)
        case commands.FollowConfidentiality():
            return settling.follow_confidentiality(state, command)
        case commands.FromOutside():
            return decide_asked(rules, checked(state, command), command)
        case _:
            assert_never(command)


def decide_asked(
    rules: IntakeRules, state: OfAppeal, command: commands.FromOutside
) -> Sequence[AppealEvent]:
    if isinstance(command, commands.ConfirmRejection):
        return screening.confirm_rejection(rules, state, command)
    # The table pairs each class with the function that takes it; no type can say so.
    decision: Any = DECISIONS[type(command)]
    events: Sequence[AppealEvent] = decision(state, command)
    return events


def checked(state: IntakeState, command: commands.FromOutside) -> OfAppeal:
    """Raises RefusedError: unknown, stale, or not this actor's to ask."""
    if isinstance(state, NotSubmitted | Adopted):
        raise refusals.unknown_appeal()
    asked = command.asked
    if asked.expected_version not in (None, state.version):
        raise refusals.stale(asked.expected_version or 0, state.version)
    if asked.actor.kind not in ACTORS[type(command)]:
        raise refusals.not_allowed(asked.actor.kind)
    if not is_party(asked.actor, state.facets):
        raise refusals.not_your_appeal()
    return state


def is_party(actor: Actor, facets: Facets) -> bool:
    """A firm and a producer act for their own appeals alone; officials for all."""
    match actor.kind:
        case "firm":
            return facets.enterprise_id is not None and actor.unit == str(facets.enterprise_id)
        case "producer":
            return actor.unit == facets.producer_id
        case _:
            return True


def intake_decider(
    rules: IntakeRules,
) -> Decider[commands.IntakeCommand, IntakeState, AppealEvent]:
    return Decider(initial=NotSubmitted(), decide=partial(decide, rules), evolve=evolve)
