"""Words that intake's events and commands share."""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

# domain.md section 2 row 19; what each means and which legal path is told stands in intake's data.
RejectionCode: TypeAlias = Literal["N1", "N2", "N3", "N4", "N5", "N6", "N7"]
EmergencyReceiver: TypeAlias = Literal["110", "119", "120", "122"]
# 保密件 and 举报.
Confidentiality: TypeAlias = Literal["normal", "confidential", "whistleblower"]
SiteOutcome: TypeAlias = Literal["solved", "partly", "explained"]
Purpose: TypeAlias = Literal[
    "handling", "contact", "callback", "supervision", "correction", "legal", "subject_request"
]
VaultField: TypeAlias = Literal[
    "text", "title", "supplements", "contact.name", "contact.phone", "contact.email"
]
ErasureReason: TypeAlias = Literal["subject_request", "retention"]

# A staff number, never a name: no sign that a Chinese name has can stand in it.
OFFICER_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
OfficerId: TypeAlias = Annotated[str, Field(pattern=OFFICER_ID)]
PersonId: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
MaskedLine: TypeAlias = Annotated[str, Field(min_length=1, max_length=2_000)]
MaskedReply: TypeAlias = Annotated[str, Field(min_length=1, max_length=10_000)]
