"""Signed notes and checkpoints: one spelling each, and nothing but a trusted key opens them."""

import base64
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from services.dossier.domain.checkpoint import Checkpoint, Held, parse_checkpoint
from services.dossier.domain.note import (
    NoteError,
    SigningKey,
    VerifierKey,
    parse_note,
    parse_verifier_key,
    sign,
)

# The example key and note of the Go package golang.org/x/mod/sumdb/note, whose format C2SP has
# written down.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZ"
    "b6KE6RyyBwJnAM=\n"
)
KEY = SigningKey("appeals.example/dossier", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
OTHER = SigningKey("appeals.example/dossier", Ed25519PrivateKey.from_private_bytes(b"o" * 32))
CHECKPOINT = Checkpoint(
    origin=KEY.name,
    number=3,
    size=18,
    root=b"r" * 32,
    algorithm="sha256",
    signed_at=datetime(2026, 3, 2, 12, 0, tzinfo=UTC),
    counts=(0, 9, 0, 9),
    chains=2,
    chains_root=b"c" * 32,
    held={("intake", 1): Held(9), ("dossier", 3): Held(12, left_out=3)},
)
WRITTEN = (
    "appeals.example/dossier\n18\ncnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=\n"
    "appeals-dossier v1 sha256 3\ntime 2026-03-02T12:00:00Z\ncounts 0 9 0 9\n"
    "chains 2 Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M=\n"
    "complete dossier/3 1-12 but 3\ncomplete intake/1 1-9\n"
)


def test_the_published_example_verifies_by_its_published_key() -> None:
    note = parse_note(PETERS_NOTE)
    assert note.signed_by([parse_verifier_key(PETER)]) == parse_verifier_key(PETER)
    changed = parse_note(PETERS_NOTE.replace("answer", "Answer"))
    assert changed.signed_by([parse_verifier_key(PETER)]) is None


def test_a_key_is_read_as_it_is_written() -> None:
    assert parse_verifier_key(f"{KEY.verifier}\n") == KEY.verifier
    assert str(parse_verifier_key(PETER)) == PETER


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "key"),
        ("a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "key"),
        (PETER.replace("c74f20a3", "c74f20a4"), "key_id"),
        (PETER.replace("Peter", "Petra"), "key_id"),
        (PETER[:-2], "base64"),
        ("PeterNeumann+c74f20a3+AAAA", "key"),
        ("钥匙", "key"),
    ],
)
def test_what_is_no_key_is_refused(written: str, problem: str) -> None:
    with pytest.raises(NoteError) as caught:
        parse_verifier_key(written)
    assert caught.value.problem == problem


def test_a_checkpoint_is_written_in_the_lines_of_the_standard() -> None:
    assert CHECKPOINT.text() == WRITTEN
    assert parse_checkpoint(WRITTEN) == CHECKPOINT


@given(place=st.integers(0, len(WRITTEN) - 1), sign_=st.characters(codec="utf-8"))
def test_any_other_spelling_is_refused_or_means_something_else(place: int, sign_: str) -> None:
    changed = WRITTEN[:place] + sign_ + WRITTEN[place + 1 :]
    try:
        read = parse_checkpoint(changed)
    except NoteError:
        return
    assert (read == CHECKPOINT) == (changed == WRITTEN)


@given(st.text())
def test_no_text_is_read_with_another_error(text: str) -> None:
    for parse in (parse_note, parse_checkpoint, parse_verifier_key):
        with pytest.raises(NoteError, match=" / "):
            parse(text)


def test_both_keys_of_a_rotation_open_a_note_and_no_other_does() -> None:
    note = parse_note(sign(WRITTEN, [OTHER, KEY]))
    assert note.text == WRITTEN
    assert note.signed_by([KEY.verifier]) == KEY.verifier
    assert note.signed_by([OTHER.verifier]) == OTHER.verifier
    stranger = VerifierKey(KEY.name, b"s" * 32)
    assert note.signed_by([stranger]) is None
    renamed = replace(KEY.verifier, name="appeals.elsewhere/dossier")
    assert note.signed_by([renamed]) is None


def test_a_signature_of_another_text_opens_nothing() -> None:
    signed = sign(WRITTEN, [KEY])
    moved = signed.replace("\n18\n", "\n19\n")
    assert parse_note(moved).signed_by([KEY.verifier]) is None
    line = signed.splitlines()[-1]
    name, _, encoded = line.removeprefix("— ").partition(" ")
    cut = base64.b64encode(base64.b64decode(encoded)[:-1]).decode()
    with pytest.raises(NoteError):
        parse_note(signed.replace(line, f"— {name} {cut}"))
