"""Whatever is sent, nothing is a fault of ours: random bytes, and good ones bent at random."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libs.common.contracts.inbound import Submission
from libs.common.errors import PoisonError
from services.intake.adapters.subjects import SubjectKeys
from services.intake.adapters.submissions import Submissions
from tests.integration.inputs.bad_bodies import EVERY
from tests.support.intake import Intake, sent, submission

SEED: Final = 20261123
INPUTS: Final = 600
NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)
ADMITTING: Final = Submissions(
    fingerprint_key=b"k",
    sub_districts={"XX": "XX"},
    partition_of=lambda _: 0,
    new_salt=lambda: b"salt",
    subjects=SubjectKeys(b"only-for-tests"),
    officer_of=lambda _enterprise: None,
)
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
FIELDS: Final = st.sampled_from([*Submission.model_fields, "uscc", "name", "phone"])
# A busy machine is no fault of the code.
PATIENT: Final = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
Bend = Callable[[Random, bytearray], None]


@PATIENT
@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_parked_for_what_they_are_or_taken(body: bytes) -> None:
    assert not is_a_fault(body)


@PATIENT
@given(st.dictionaries(FIELDS, JSON))
def test_any_values_in_known_fields_are_parked_or_taken(changes: dict[str, object]) -> None:
    assert not is_a_fault(json.dumps(submission("a") | changes).encode())


def is_a_fault(body: bytes) -> bool:
    """Whether it is neither taken nor refused with a reason of its own."""
    try:
        return len(ADMITTING.admit(sent(body, 0), NOW)) != 1
    except PoisonError as error:
        return not error.code.startswith("refused_")


async def test_no_random_input_is_ever_a_fault_of_ours(intake: Intake) -> None:
    random = Random(SEED)  # noqa: S311 - the same inputs each time
    for number in range(INPUTS):
        body = bent(random)
        answer = await intake.post(body)
        assert answer.status_code < 500, (SEED, number, body[:200])
    rows = await intake.database.fetch("SELECT count(*) AS n FROM intake.dead_letters")
    assert rows[0]["n"] == 0


def bent(random: Random) -> bytes:
    good = json.dumps(submission(f"f{random.randrange(50)}"), ensure_ascii=random.random() < 0.5)
    body = bytearray(good.encode())
    if random.random() < 0.1:
        return random.randbytes(random.randrange(400))
    for _ in range(random.randrange(4)):
        random.choice(BENDS)(random, body)
    if random.random() < 0.3:
        other = random.choice(EVERY).body[:20_000]
        return b"[" + bytes(body) + b"," + other + b"]"
    return bytes(body)


def flip(random: Random, body: bytearray) -> None:
    if body:
        body[random.randrange(len(body))] = random.randrange(256)


def cut(random: Random, body: bytearray) -> None:
    at = random.randrange(len(body) + 1)
    del body[at : at + random.randrange(20)]


def insert(random: Random, body: bytearray) -> None:
    at = random.randrange(len(body) + 1)
    body[at:at] = random.choice(TOKENS)


def double(random: Random, body: bytearray) -> None:
    at = random.randrange(len(body) + 1)
    body[at:at] = body[at : at + random.randrange(60)]


BENDS: Final[tuple[Bend, ...]] = (flip, cut, insert, double)
TOKENS: Final = (
    b'"',
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"null",
    b"[" * 400,
    b'{"a":' * 400,
    b"1e999",
    b"-0",
    b"9" * 400,
    b"\x00",
    b"\xff",
    "〔电话1〕".encode(),
    "\u202e\u200b".encode(),
)
