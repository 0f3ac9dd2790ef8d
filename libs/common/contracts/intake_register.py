"""The enterprise register and its liaison officers; stream and key are the enterprise's own."""

from typing import ClassVar, Final, TypeAlias, get_args

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Event
from libs.common.contracts.intake_words import MaskedLine, OfficerId
from libs.common.ids import EnterpriseId


class EnterpriseRegistered(Event):
    """企业入库: the firm is known by its code, whether or not it has ever appealed."""

    TYPE: ClassVar = "intake.enterprise-registered.v1"

    enterprise_id: EnterpriseId
    uscc: str = Field(min_length=18, max_length=18)
    enterprise_name: str = Field(min_length=1, max_length=200)
    sub_district: str | None = Field(max_length=10)


class EnterpriseUpdated(Event):
    """企业信息变更: name and sub-district as they are from now on."""

    TYPE: ClassVar = "intake.enterprise-updated.v1"

    enterprise_id: EnterpriseId
    enterprise_name: str = Field(min_length=1, max_length=200)
    sub_district: str | None = Field(max_length=10)


class OfficerAssigned(Event):
    """挂点: the officer follows every appeal of this firm to its end. An id, never a name."""

    TYPE: ClassVar = "intake.officer-assigned.v1"

    enterprise_id: EnterpriseId
    officer_id: OfficerId
    officer_unit: str = Field(min_length=1, max_length=200)
    assigned_at: AwareDatetime


class OfficerRelieved(Event):
    """解除挂点: somebody else follows from now on, or nobody yet."""

    TYPE: ClassVar = "intake.officer-relieved.v1"

    enterprise_id: EnterpriseId
    officer_id: OfficerId
    reason: MaskedLine
    relieved_at: AwareDatetime


RegisterEvent: TypeAlias = (
    EnterpriseRegistered | EnterpriseUpdated | OfficerAssigned | OfficerRelieved
)
REGISTER_EVENTS: Final[tuple[type[RegisterEvent], ...]] = get_args(RegisterEvent)
