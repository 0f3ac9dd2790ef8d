"""Who holds an appeal at each moment, read from its events alone.

The state says whose duty it is. Who ends a waiting answers for it; a department that returns an
appeal holds it until the return is approved, and in a dispute until a provisional lead is named.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from libs.common.contracts import intake, router, sla
from services.dossier.domain.ledger.segments import Cause, Duty, Turn
from services.dossier.domain.life.happenings import Happening
from services.dossier.domain.moves import moved
from services.dossier.domain.states import TERMINAL, OverallState, Owners

# Units of the tree in libs/catalogue: the work order centre of 12345 and the supervision office.
HOTLINE: Final = "rx"
SUPERVISION: Final = "qdc"
FIRM: Final = "firm"
# A child of a merge is held by whoever holds its master.
FOLLOWED: Final = "appeal:"
PEOPLE: Final = frozenset({"seat", "supervisor", "arbiter", "officer", "department"})
BEGINNINGS: Final = (
    intake.AppealAccepted,
    intake.AnsweredAtIntake,
    intake.ResolvedOnSite,
    router.AppealTakenOver,
    router.AppealAcceptedAnew,
)


class Holder(NamedTuple):
    unit: str
    person: str | None
    duty: Duty
    is_resting: bool = False


@dataclass(slots=True)
class Names:
    """Who has been named so far: the lead, its person, the last returner, the provisional lead."""

    lead: str = HOTLINE
    person: str | None = None
    returner: Holder | None = None
    provisional: str | None = None
    master: str = ""
    is_capped: bool = False


@dataclass(slots=True)
class Roll:
    """The turns so far. `runs_again_at` is when a pause reaches its cap."""

    owners: Owners = field(default_factory=Owners)
    names: Names = field(default_factory=Names)
    turns: list[Turn] = field(default_factory=list[Turn])
    has_begun: bool = False
    runs_again: Happening | None = None


def turns_of(happenings: Iterable[Happening], until: datetime) -> list[Turn]:
    """In the order of the entries; empty for an appeal that nobody has accepted."""
    roll = Roll()
    for one in happenings:
        end_pause(roll, one.time)
        take(roll, one)
    end_pause(roll, until)
    return roll.turns


def take(roll: Roll, one: Happening) -> None:
    learn(roll.names, one)
    if isinstance(one.event, sla.ClocksPaused) and "resolve" in one.event.clocks:
        roll.runs_again = one
    before = roll.owners.overall
    roll.owners = moved(roll.owners, one.event)
    state = roll.owners.overall
    roll.has_begun = roll.has_begun or isinstance(one.event, BEGINNINGS)
    if not roll.has_begun:
        return
    if state is not before:
        answer_for(roll, before, one)
    holder = holder_in(state, roll.names)
    last = roll.turns[-1] if roll.turns else None
    if last is None or (last.state, held_by(last)) != (state, holder):
        roll.turns.append(turn(one, begins_at(one), state, holder))


def turn(one: Happening, at: datetime, state: OverallState, holder: Holder) -> Turn:
    return Turn(
        at=at,
        state=state,
        unit=holder.unit,
        person=holder.person,
        duty=holder.duty,
        cause=Cause(one.id, one.type, one.version),
        is_resting=holder.is_resting,
        is_over=state in TERMINAL,
    )


def held_by(turn: Turn) -> Holder:
    return Holder(turn.unit, turn.person, turn.duty, turn.is_resting)


def begins_at(one: Happening) -> datetime:
    """An acceptance and a result count from the moment that they name."""
    match one.event:
        case intake.AppealAccepted() | router.AppealAcceptedAnew():
            return one.event.accepted_at
        case router.ResultSubmitted():
            return one.event.submitted_at
        case _:
            return one.time


def learn(names: Names, one: Happening) -> None:
    """Who is named by this event."""
    event: Any = one.event
    match event:
        case router.AppealDispatched() | router.RulingIssued() | router.ReworkDispatched():
            names.lead, names.person, names.provisional = event.lead, None, None
        case router.DisputeOpened():
            names.provisional = None
        case router.ProvisionalLeadNamed():
            names.lead, names.person = event.department, None
            names.provisional = event.department
        case router.ResultSubmitted():
            names.lead, names.person = event.department, person_of(one)
        case router.AppealMerged():
            names.master = f"{FOLLOWED}{event.master.appeal_id}"
        case _:
            learn_person(names, one)


def learn_person(names: Names, one: Happening) -> None:
    """Whoever of the lead has acted last holds it for the lead."""
    event: Any = one.event
    if isinstance(event, router.ReturnRequested):
        names.returner = Holder(event.department, person_of(one), Duty.AWAIT_RETURN)
    elif one.actor.kind == "department" and one.actor.unit == names.lead:
        names.person = one.actor.id
    names.is_capped = names.is_capped and not isinstance(event, router.InfoRequested)


def person_of(one: Happening) -> str | None:
    return one.actor.id if one.actor.kind in PEOPLE else None


def answer_for(roll: Roll, before: OverallState, one: Happening) -> None:
    """Who ends a waiting that anybody of a pool could have ended answers for it."""
    if before in POOLED and roll.turns and one.actor.kind in PEOPLE:
        last = roll.turns[-1]
        roll.turns[-1] = replace(last, unit=one.actor.unit, person=one.actor.id)


def end_pause(roll: Roll, moment: datetime) -> None:
    """A pause that has reached its cap is over: who asked has the appeal again."""
    said = roll.runs_again
    if said is None or not roll.turns:
        return
    if not roll.turns[-1].is_resting:
        roll.runs_again = None
    elif said.event.runs_again_at <= moment:
        roll.names.is_capped = True
        state = roll.turns[-1].state
        roll.turns.append(turn(said, said.event.runs_again_at, state, handling(roll.names)))
        roll.runs_again = None


def holder_in(state: OverallState, names: Names) -> Holder:
    if state in TERMINAL:
        return Holder("", None, Duty.NONE)
    return HOLDERS[state](names)


def returning(names: Names) -> Holder:
    return names.returner or Holder(names.lead, names.person, Duty.AWAIT_RETURN)


def disputing(names: Names) -> Holder:
    if names.provisional is None:
        return returning(names)._replace(duty=Duty.AWAIT_RULING)
    return Holder(names.provisional, names.person, Duty.HANDLE)


def supplementing(names: Names) -> Holder:
    if names.is_capped:
        return handling(names)
    return Holder(FIRM, None, Duty.SUPPLEMENT, is_resting=True)


def handling(names: Names) -> Holder:
    return Holder(names.lead, names.person, Duty.HANDLE)


HOLDERS: Final[Mapping[OverallState, Callable[[Names], Holder]]] = {
    OverallState.SUBMITTED: lambda _: Holder(HOTLINE, None, Duty.CLASSIFY),
    OverallState.INFO_PENDING: supplementing,
    OverallState.ACCEPTED: lambda _: Holder(HOTLINE, None, Duty.CLASSIFY),
    OverallState.REVIEW_PENDING: lambda _: Holder(HOTLINE, None, Duty.CLASSIFY),
    OverallState.CLASSIFIED: lambda _: Holder(HOTLINE, None, Duty.DISPATCH),
    OverallState.DISPATCHED: lambda names: Holder(names.lead, None, Duty.SIGN),
    OverallState.RETURN_REVIEW: returning,
    OverallState.ARBITRATION: disputing,
    OverallState.IN_PROGRESS: handling,
    OverallState.ON_LEDGER: handling,
    OverallState.RESULT_SUBMITTED: lambda _: Holder(HOTLINE, None, Duty.REVIEW_RESULT),
    OverallState.CALLBACK_PENDING: lambda _: Holder(HOTLINE, None, Duty.CALL_BACK),
    OverallState.REWORK: lambda _: Holder(SUPERVISION, None, Duty.ORDER_REWORK),
    OverallState.FINAL_REVIEW: lambda _: Holder(SUPERVISION, None, Duty.REVIEW_FINALLY),
    OverallState.MERGED: lambda names: Holder(names.master, None, Duty.FOLLOW_MASTER),
}
POOLED: Final = frozenset(
    {
        OverallState.ACCEPTED,
        OverallState.REVIEW_PENDING,
        OverallState.CLASSIFIED,
        OverallState.RESULT_SUBMITTED,
        OverallState.CALLBACK_PENDING,
        OverallState.REWORK,
        OverallState.FINAL_REVIEW,
    }
)
