"""A signature holds for these bytes, this id and this time, and for no others."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from libs.common.runtime.credentials import Credential, Gate
from libs.common.runtime.signatures import (
    ID,
    SIGNATURE,
    TIMESTAMP,
    UNIT,
    SignatureError,
    signature_of,
)

# The example of the Standard Webhooks specification.
SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - published as an example
MESSAGE_ID: Final = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIME: Final = 1614265330
BODY: Final = b'{"test": 2432232314}'
PUBLISHED: Final = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW: Final = datetime.fromtimestamp(TIME, UTC)
OTHER: Final = "whsec_" + b64encode(b"another secret of enough bytes").decode()


def gate(now: datetime = NOW) -> Gate:
    signer = Credential(unit="hotline", roles=frozenset({"producer"}), signing_secret=SECRET)
    return Gate({}, by_signer={"hotline": signer}, clock=lambda: now)


def headers(**changes: str) -> dict[str, str]:
    sent = {ID: MESSAGE_ID, TIMESTAMP: str(TIME), SIGNATURE: PUBLISHED, UNIT: "hotline"}
    return {**sent, **{f"webhook-{name}": value for name, value in changes.items()}}


def test_the_published_example_is_made_and_verified() -> None:
    assert signature_of(SECRET, MESSAGE_ID, TIME, BODY) == PUBLISHED
    assert gate().verify(headers(), BODY).unit == "hotline"


def test_while_a_secret_is_replaced_one_of_several_signatures_is_enough() -> None:
    both = f"{signature_of(OTHER, MESSAGE_ID, TIME, BODY)} {PUBLISHED}"
    assert gate().verify(headers(signature=both), BODY).unit == "hotline"


@pytest.mark.parametrize(
    ("changes", "body", "code"),
    [
        ({}, BODY + b" ", "signature"),
        ({"id": "msg_other"}, BODY, "signature"),
        ({"timestamp": str(TIME + 1)}, BODY, "signature"),
        ({"unit": "portal"}, BODY, "signature"),
        ({"signature": PUBLISHED.replace("v1,", "v2,")}, BODY, "signature"),
        ({"signature": signature_of(OTHER, MESSAGE_ID, TIME, BODY)}, BODY, "signature"),
        ({"signature": "键"}, BODY, "signature"),
        ({"signature": ""}, BODY, "signature_headers"),
        ({"id": ""}, BODY, "signature_headers"),
        ({"timestamp": "-1"}, BODY, "signature_headers"),
        ({"timestamp": "9" * 40}, BODY, "signature_headers"),
    ],
)
def test_what_was_changed_is_refused(changes: dict[str, str], body: bytes, code: str) -> None:
    with pytest.raises(SignatureError, match=f"^{code}$"):
        gate().verify(headers(**changes), body)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_outside_five_minutes_a_signature_is_too_old_or_too_new(seconds: int) -> None:
    late = gate(NOW + timedelta(seconds=seconds))
    with pytest.raises(SignatureError, match="signature_time"):
        late.verify(headers(), BODY)
    # A record of the topic may wait for longer; its command id keeps it from acting twice.
    assert late.verify(headers(), BODY, is_fresh=False).unit == "hotline"


def test_a_caller_must_have_a_key_or_a_secret() -> None:
    with pytest.raises(ValueError, match="key_sha256 or signing_secret"):
        Credential(unit="hotline", roles=frozenset({"producer"}))
