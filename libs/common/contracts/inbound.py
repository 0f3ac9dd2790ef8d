"""What outsiders send: `POST /v1/appeals`, the topic `appeals.inbound.submissions` and files."""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from libs.common.contracts.values import AppealKind, Urgency

LONGEST_TEXT: Final = 100_000

# PostgreSQL can not store NUL in a text: what passes here must not fail there.
NO_NUL: Final = r"^[^\x00]*$"
Code: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,49}$")]
SourceId: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Line: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Text: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=NO_NUL)
]


class InboundModel(BaseModel):
    # Unknown fields are refused: a misspelt `enterprise` must not become an appeal without one.
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, allow_inf_nan=False
    )


class SubmittedEnterprise(InboundModel):
    """Without `uscc` the name is kept and the appeal is linked to its enterprise later."""

    name: Line | None = None
    uscc: Annotated[str, StringConstraints(max_length=64)] | None = None


class SubmittedContact(InboundModel):
    """Personal data: goes into the vault and never into an event."""

    name: Line | None = Field(default=None, repr=False)
    phone: Annotated[str, StringConstraints(max_length=64)] | None = Field(default=None, repr=False)
    email: Annotated[str, StringConstraints(max_length=254)] | None = Field(
        default=None, repr=False
    )


class Submission(InboundModel):
    """One appeal as its producer sends it, not yet checked against rules, not yet masked.

    `source_id` is the producer's own number; it may only be left out over HTTP, where the
    Idempotency-Key stands in for it. `sub_district` is a code or a Chinese name.
    `confidentiality` is 保密件 or 举报: the vault then shows less, and to fewer.
    """

    channel: Code
    source_id: SourceId | None = None
    occurred_at: AwareDatetime
    title: Line | None = Field(default=None, repr=False)
    text: Text = Field(repr=False)
    enterprise: SubmittedEnterprise | None = None
    contact: SubmittedContact | None = None
    sub_district: Annotated[str, StringConstraints(min_length=1, max_length=50)] | None = None
    urgency: Urgency | None = None
    kind: AppealKind | None = None
    confidentiality: Literal["confidential", "whistleblower"] | None = None
