"""What every action says beside its own fields."""

from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from libs.common.contracts.envelope import Actor
from libs.common.ids import AppealId

STRICT: Final = ConfigDict(
    frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
)
# PostgreSQL can not store NUL in a text: what passes here must not fail there.
NO_NUL: Final = r"^[^\x00]*$"
Said: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=NO_NUL)]
Cited: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=NO_NUL)]
Reply: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=5_000, pattern=NO_NUL)]
Code: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,19}$")]


class ActionBase(BaseModel):
    """`command_id` is the sender's own and makes a repeat harmless."""

    model_config = STRICT

    command_id: str = Field(min_length=1, max_length=200, pattern=NO_NUL)
    appeal_id: AppealId
    actor: Actor
    # The version of the router's stream that the sender has seen; None does not check.
    expected_version: int | None = Field(default=None, ge=0, lt=2**31)
