"""Where one appeal stands while intake holds it, and after it has handed it on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from libs.common.contracts.intake import AppealSubmitted
from libs.common.contracts.intake_words import Confidentiality, EmergencyReceiver, RejectionCode
from libs.common.ids import EnterpriseId

Ending: TypeAlias = Literal["withdrawn", "transferred", "timed_out"]


@dataclass(frozen=True, slots=True)
class Facets:
    """What is true beside the state, and stays true when the state moves on."""

    producer_id: str
    enterprise_id: EnterpriseId | None
    confidentiality: Confidentiality = "normal"
    supplements_forwarded: int = 0
    is_withdrawal_forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rejection that waits for a second officer."""

    code: RejectionCode
    ground: str
    proposed_by: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An emergency that its receiver has not acknowledged yet."""

    receiver: EmergencyReceiver
    offered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What acceptance needs, kept until the appeal is accepted or has ended.

    `info_rounds` counts the requests for more; `has_objected` and `was_overturned` stay true.
    """

    submission: AppealSubmitted
    supplements: tuple[str, ...] = ()
    info_rounds: int = 0
    proposal: Proposal | None = None
    offer: Offer | None = None
    has_objected: bool = False
    was_overturned: bool = False


@dataclass(frozen=True, slots=True)
class NotSubmitted:
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    version: int
    facets: Facets


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Known):
    pending: Pending


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoPending(Known):
    pending: Pending
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(Known):
    pending: Pending
    code: RejectionCode
    # Proposer and second officer: neither judges the objection.
    officers: frozenset[str]
    has_open_objection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(Known):
    """Answered at intake or resolved on site: router holds it, but it may come back."""

    pending: Pending


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Known): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Known):
    how: Ending


@dataclass(frozen=True, slots=True)
class Adopted:
    """Of a stream under an enterprise's key: the appeal belongs to its file."""

    version: int


Holding: TypeAlias = Submitted | InfoPending
OfAppeal: TypeAlias = Submitted | InfoPending | Rejected | HandedOver | Accepted | Ended
IntakeState: TypeAlias = NotSubmitted | OfAppeal | Adopted


def with_facets(state: OfAppeal, facets: Facets) -> OfAppeal:
    return replace(state, facets=facets)
