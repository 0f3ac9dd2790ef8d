"""HMAC signatures of what producers send, in the layout of Standard Webhooks.

Signed is `<id>.<timestamp>.<payload>` by HMAC-SHA-256; the header holds `v1,<base64>`, or several
of them, separated by spaces, while a secret is being replaced.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
# Whose secret signs: the layout itself does not say.
UNIT: Final = "webhook-unit"
VERSION: Final = "v1"
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret begins with, not one
WINDOW: Final = timedelta(minutes=5)
MOST_SIGNATURES: Final = 5
LONGEST_ID: Final = 200
LONGEST_NUMBER: Final = 12


class SignatureError(Exception):
    """`code` says what does not hold; nothing of what was sent is repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signed:
    """What the three headers say, before it is believed."""

    id: str
    timestamp: int
    signatures: tuple[str, ...]


def read_signed(headers: Mapping[str, str]) -> Signed:
    """Raises SignatureError for headers that are missing or have another shape."""
    message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    signatures = tuple(headers.get(SIGNATURE, "").split(" ")[:MOST_SIGNATURES])
    has_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_NUMBER
    if not 1 <= len(message_id) <= LONGEST_ID or not has_number or not any(signatures):
        raise SignatureError("signature_headers")
    return Signed(message_id, int(timestamp), signatures)


def check_time(signed: Signed, now: datetime) -> None:
    """Raises SignatureError outside five minutes: an old message can not be sent again."""
    if abs(now.timestamp() - signed.timestamp) > WINDOW.total_seconds():
        raise SignatureError("signature_time")


def check(signed: Signed, secret: str, payload: bytes) -> None:
    """Raises SignatureError. Every signature is compared, in constant time."""
    expected = signature_of(secret, signed.id, signed.timestamp, payload).encode()
    fits = [hmac.compare_digest(one.encode(), expected) for one in signed.signatures]
    if not any(fits):
        raise SignatureError("signature")


def signature_of(secret: str, message_id: str, timestamp: int, payload: bytes) -> str:
    """What the header holds. Raises ValueError for a secret that is no `whsec_` and base64."""
    digest = hmac.digest(key_of(secret), f"{message_id}.{timestamp}.".encode() + payload, "sha256")
    return f"{VERSION},{b64encode(digest).decode()}"


def key_of(secret: str) -> bytes:
    if not secret.startswith(SECRET_PREFIX):
        message = "a signing secret begins with whsec_"
        raise ValueError(message)
    return b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
