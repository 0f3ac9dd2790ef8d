"""One appeal's whole life, folded from its entries: everything that is told of it starts here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from libs.common.contracts import classifier, intake, router, sla
from libs.common.contracts.classifier import Handover
from libs.common.contracts.envelope import Event
from services.dossier.domain.life.clocks import ClockRun, clock_runs
from services.dossier.domain.life.happenings import Happening, known_at
from services.dossier.domain.moves import moved
from services.dossier.domain.states import CONFIDENTIALITY, TERMINAL, OverallState, Owners

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """As the log held it at `until`; `happenings` in the order in which they happened."""

    appeal_id: UUID
    chain_key: str
    until: datetime
    happenings: Sequence[Happening]
    owners: Owners
    runs: Sequence[ClockRun]

    @property
    def state(self) -> OverallState:
        return self.owners.overall

    @property
    def is_over(self) -> bool:
        return self.state in TERMINAL

    def said(self, *kinds: type[Event]) -> list[Happening]:
        return [one for one in self.happenings if isinstance(one.event, kinds)]

    def events(self, kind: type[E]) -> list[E]:
        return [one.event for one in self.happenings if isinstance(one.event, kind)]

    def last(self, kind: type[E]) -> E | None:
        found = self.events(kind)
        return found[-1] if found else None

    def run(self, clock: str) -> ClockRun | None:
        """The last run of that clock."""
        return next((run for run in reversed(self.runs) if run.clock == clock), None)


def life_of(
    appeal_id: UUID, happenings: Sequence[Happening], *, until: datetime, is_now: bool = False
) -> Life:
    """`until` is the moment that is asked about; now takes the log whole."""
    known = known_at(happenings, None if is_now else until)
    owners = Owners()
    for one in known:
        owners = moved(owners, one.event)
    return Life(
        appeal_id=appeal_id,
        chain_key=known[0].chain_key if known else str(appeal_id),
        until=until,
        happenings=known,
        owners=owners,
        runs=clock_runs(known),
    )


def is_of_appeal(one: Happening) -> bool:
    """Of an appeal's own: an adoption stands in the enterprise's chain, and is told of there."""
    appeal = getattr(one.event, "appeal_id", None)
    return str(appeal) == one.subject and not isinstance(one.event, intake.AppealAdopted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who appealed about what; None where the log does not say, or not yet."""

    enterprise_id: UUID | None = None
    enterprise_name: str | None = None
    uscc: str | None = None
    channel: str | None = None
    source_id: str | None = None
    title: str | None = None
    text: str | None = None
    kind: str | None = None
    sub_district: str | None = None
    officer_id: str | None = None
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    urgency: str = "normal"
    item: str | None = None
    category: str | None = None
    lead: str | None = None
    confidentiality: str = "normal"


def identity_of(life: Life) -> Identity:
    """What is said later wins; urgency only rises."""
    known: dict[str, Any] = {}
    for one in life.happenings:
        said = {name: getattr(one.event, name) for name in CARRIED.get(one.event.__class__, ())}
        if known.get("urgency") == "urgent":
            said.pop("urgency", None)
        said |= in_other_words(one.event)
        known |= {name: value for name, value in said.items() if value is not None}
    return Identity(**known)


def in_other_words(event: object) -> dict[str, Any]:
    match event:
        case intake.AnsweredAtIntake() | intake.ResolvedOnSite() | router.AppealTakenOver():
            return handed_over(event.handover)
        case router.AppealAcceptedAnew():
            return handed_over(event.handover) | {"accepted_at": event.accepted_at}
        case router.ConfidentialitySet():
            return {"confidentiality": CONFIDENTIALITY[event.level]}
        case router.ProvisionalLeadNamed() | router.ResultSubmitted():
            return {"lead": event.department}
        case sla.UrgencyChanged():
            return {"urgency": event.new}
        case _:
            return {}


def handed_over(handover: Handover) -> dict[str, Any]:
    return {
        "enterprise_id": handover.enterprise_id,
        "channel": handover.channel,
        "kind": handover.kind,
        "sub_district": handover.sub_district,
    }


# Fields that say of an appeal who, what and where, by the events that hold them.
CARRIED: Final[Mapping[type[Event], tuple[str, ...]]] = {
    intake.AppealSubmitted: (
        "enterprise_id",
        "enterprise_name",
        "uscc",
        "channel",
        "source_id",
        "title",
        "text",
        "kind",
        "sub_district",
        "officer_id",
        "submitted_at",
        "urgency",
    ),
    intake.AppealAccepted: (
        "enterprise_id",
        "channel",
        "kind",
        "sub_district",
        "title",
        "text",
        "officer_id",
        "accepted_at",
        "urgency",
    ),
    intake.AppealLinked: ("enterprise_id", "uscc", "enterprise_name"),
    intake.ResolvedOnSite: ("officer_id",),
    intake.ConfidentialitySet: ("confidentiality",),
    classifier.AppealClassified: ("item", "category"),
    classifier.ClassificationConfirmed: ("item", "category"),
    router.AppealDispatched: ("item", "category", "lead", "urgency", "sub_district"),
    router.RulingIssued: ("item", "category", "lead"),
    router.ReworkDispatched: ("lead",),
}
