"""What may be asked of intake."""

from dataclasses import dataclass, field
from typing import TypeAlias

from libs.common.ids import AppealId, EnterpriseId
from services.intake.domain.submission import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAppeal:
    """A submission that has passed every check.

    `raw` and `salt` are for the vault alone; `commitment` is HMAC-SHA-256 of the raw text under
    that salt and may stand in the event.
    """

    appeal_id: AppealId
    enterprise_id: EnterpriseId | None
    producer_id: str
    source_id: str
    prepared: Prepared
    commitment: str
    raw: bytes = field(repr=False)
    salt: bytes = field(repr=False)


IntakeCommand: TypeAlias = SubmitAppeal
