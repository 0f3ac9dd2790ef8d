"""What dispatchers may ask of the classifier about an appeal in review.

By HTTP, or on the actions topic, which intake and the router read too: no two services take an
action of the same name, and each passes over those of the others.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from libs.common.contracts.envelope import Actor
from libs.common.ids import AppealId, ItemCode

STRICT: Final = ConfigDict(
    frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
)
# PostgreSQL can not store NUL in a text: what passes here must not fail there.
NO_NUL: Final = r"^[^\x00]*$"


class ReviewActionBase(BaseModel):
    """`command_id` is the sender's own and makes a repeat harmless."""

    model_config = STRICT

    command_id: str = Field(min_length=1, max_length=200, pattern=NO_NUL)
    appeal_id: AppealId
    actor: Actor
    item: ItemCode = Field(min_length=1, max_length=50, pattern=NO_NUL)
    # The version of the classifier's stream that the sender has seen; None does not check.
    expected_version: int | None = Field(default=None, ge=0, lt=2**31)


class ConfirmClassificationAction(ReviewActionBase):
    """确认定类: the proposed item is right. The item is named, so that what a screen shows and
    what is meant can not differ.
    """

    action: Literal["confirm-classification"]


class CorrectClassificationAction(ReviewActionBase):
    """更正定类: another item, and why; the reason is kept for ever, so no personal data in it."""

    action: Literal["correct-classification"]
    reason: str = Field(min_length=1, max_length=500, pattern=NO_NUL)


ReviewAction: TypeAlias = ConfirmClassificationAction | CorrectClassificationAction
REVIEW_ACTION: TypeAdapter[ReviewAction] = TypeAdapter(
    Annotated[ReviewAction, Field(discriminator="action")]
)
CLASSIFIER_ACTIONS: Final = frozenset({"confirm-classification", "correct-classification"})
