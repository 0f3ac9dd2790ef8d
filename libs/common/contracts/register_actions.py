"""What seats and supervisors may ask of the enterprise register, by HTTP."""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, Field, TypeAdapter

from libs.common.contracts.envelope import Actor
from libs.common.contracts.intake_actions import STRICT, Line
from libs.common.contracts.intake_words import OfficerId
from libs.common.ids import EnterpriseId


class RegisterActionModel(BaseModel):
    """`command_id` is the sender's own and makes a repeat harmless."""

    model_config = STRICT

    command_id: str = Field(min_length=1, max_length=200)
    actor: Actor
    # The version of the enterprise's stream that the sender has seen; None does not check.
    expected_version: int | None = Field(default=None, ge=0, lt=2**31)


class RegisterEnterpriseAction(RegisterActionModel):
    """企业入库. The enterprise's id is made from its code."""

    action: Literal["register-enterprise"]
    uscc: str = Field(min_length=1, max_length=64)
    enterprise_name: str = Field(min_length=1, max_length=200)
    sub_district: str | None = Field(default=None, max_length=50)


class UpdateEnterpriseAction(RegisterActionModel):
    """企业信息变更: both fields as they are from now on."""

    action: Literal["update-enterprise"]
    enterprise_id: EnterpriseId
    enterprise_name: str = Field(min_length=1, max_length=200)
    sub_district: str | None = Field(default=None, max_length=50)


class AssignOfficerAction(RegisterActionModel):
    """挂点: the officer by staff number, never by name, and the officer's own unit."""

    action: Literal["assign-officer"]
    enterprise_id: EnterpriseId
    officer_id: OfficerId
    officer_unit: str = Field(min_length=1, max_length=200)


class RelieveOfficerAction(RegisterActionModel):
    """解除挂点."""

    action: Literal["relieve-officer"]
    enterprise_id: EnterpriseId
    officer_id: OfficerId
    reason: Line


RegisterAction: TypeAlias = (
    RegisterEnterpriseAction | UpdateEnterpriseAction | AssignOfficerAction | RelieveOfficerAction
)
REGISTER_ACTION: Final[TypeAdapter[RegisterAction]] = TypeAdapter(
    Annotated[RegisterAction, Field(discriminator="action")]
)
