"""Signatures of records on the actions topic: the same as over HTTP, in the record's headers."""

from dataclasses import dataclass
from datetime import datetime

from libs.common.contracts.intake_actions import IntakeAction
from libs.common.errors import PoisonError
from libs.common.runtime import signatures
from libs.common.runtime.credentials import Gate
from libs.common.runtime.signatures import SignatureError
from libs.common.subscription import Record

HEADERS = (signatures.ID, signatures.TIMESTAMP, signatures.SIGNATURE, signatures.UNIT)


@dataclass(frozen=True, slots=True)
class SignedRecords:
    """A unit that has a signing secret must sign; of others the topic's own rights decide.

    There is no time window here: a record may wait through an outage, and a command id that comes
    again is answered as the first time, however old it is.
    """

    gate: Gate

    def check(self, record: Record, action: IntakeAction, _now: datetime) -> None:
        """Raises PoisonError, so that the record is parked alone."""
        if action.actor.unit not in self.gate.by_signer:
            return
        headers = {name: record.text(name) or "" for name in HEADERS}
        try:
            signer = self.gate.verify(headers, record.value or b"", is_fresh=False)
        except SignatureError as error:
            raise PoisonError(error.code, "the record's signature does not hold") from error
        if signer.unit != action.actor.unit or action.actor.kind not in signer.roles:
            raise PoisonError("forbidden", "the signer may not act for this unit in this role")
