"""更正 and 保密: facets that change no state."""

from libs.common.contracts.actions import CorrectRecordAction, SetConfidentialityAction
from libs.common.contracts.router import ConfidentialitySet, Corrected, RouterEvent
from services.router.domain.case import Case


def set_confidentiality(case: Case, action: SetConfidentialityAction) -> tuple[RouterEvent, ...]:
    return (
        ConfidentialitySet(
            appeal_id=action.appeal_id,
            level=action.level,
            reason=action.reason,
            legal_basis=action.legal_basis,
        ),
    )


def correct_record(case: Case, action: CorrectRecordAction) -> tuple[RouterEvent, ...]:
    return (
        Corrected(
            appeal_id=action.appeal_id,
            corrects=action.corrects,
            field=action.field,
            note=action.note,
        ),
    )
