"""What people and departments' systems may ask of the router, by HTTP or on the actions topic."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from libs.common.contracts.envelope import Actor
from libs.common.contracts.router import Outcome
from libs.common.ids import AppealId, DepartmentCode

STRICT = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)


class ActionBase(BaseModel):
    """`command_id` is the sender's own and makes a repeat harmless."""

    model_config = STRICT

    command_id: str = Field(min_length=1, max_length=200)
    appeal_id: AppealId
    actor: Actor
    # The version of the router's stream that the sender has seen; None does not check.
    expected_version: int | None = Field(default=None, ge=0, lt=2**31)


class SignAction(ActionBase):
    action: Literal["sign"]
    department: DepartmentCode


class SubmitResultAction(ActionBase):
    action: Literal["submit-result"]
    department: DepartmentCode
    outcome: Outcome
    contacted_at: AwareDatetime
    public_reply: str = Field(min_length=1, max_length=5_000)
    legal_basis: str | None = Field(default=None, max_length=1_000)


class ApproveResultAction(ActionBase):
    action: Literal["approve-result"]


class RateAction(ActionBase):
    """The firm's own word: 8 of 10 and more accepts the result."""

    action: Literal["rate"]
    score: int = Field(ge=0, le=10)


Action: TypeAlias = SignAction | SubmitResultAction | ApproveResultAction | RateAction
ACTION: TypeAdapter[Action] = TypeAdapter(Annotated[Action, Field(discriminator="action")])
