"""Need to know, erasure and retention, as data and without a database."""

from datetime import timedelta
from pathlib import Path

import pytest

from libs.common.contracts.inbound import SubmittedContact
from libs.common.contracts.intake_vault import PersonalDataErased, VaultDisclosed
from libs.common.contracts.intake_words import Confidentiality, ErasureReason, Purpose
from libs.common.errors import RefusedError
from services.intake.adapters.rule_files import RuleFileError, load_retention, load_rules
from services.intake.adapters.rule_files import load_vault_rules as load
from services.intake.adapters.subjects import SubjectKeys, read_subject, subjects_in
from services.intake.api.vault import ACTOR_KINDS
from services.intake.domain.access import ALL_FIELDS, Reader, Role
from services.intake.domain.masking import mask
from services.intake.domain.retention import Held, expires_at
from services.intake.domain.vault import VAULT, EraseVault, ReadVault, VaultState
from tests.unit.intake.life import APPEAL, NOW

KEYS = SubjectKeys(b"only-for-tests")
PHONE = "13800138000"


def reading(
    role: Role,
    confidentiality: Confidentiality = "normal",
    *,
    purpose: Purpose = "contact",
    concerned: bool = True,
) -> ReadVault:
    reader = Reader(role=role, purpose=purpose, wanted=ALL_FIELDS, is_concerned=concerned)
    return ReadVault(
        appeal_id=APPEAL, rules=load(), reader=reader, confidentiality=confidentiality, note=None
    )


def erasing(reason: ErasureReason = "subject_request") -> EraseVault:
    return EraseVault(
        appeal_id=APPEAL, reason=reason, legal_basis="依申请", subject="0" * 16, now=NOW
    )


def test_a_department_is_shown_whom_to_call_and_not_the_letter() -> None:
    (event,) = VAULT.decide(VaultState(), reading("department"))
    assert isinstance(event, VaultDisclosed)
    assert event.fields == ("contact.name", "contact.phone")
    assert event.withheld == ("text", "title", "supplements", "contact.email")


@pytest.mark.parametrize("degree", ["confidential", "whistleblower"])
def test_of_a_confidential_appeal_a_department_is_shown_nothing(degree: Confidentiality) -> None:
    with pytest.raises(RefusedError, match="none of these fields"):
        VAULT.decide(VaultState(), reading("department", degree))


def test_who_is_not_concerned_and_who_has_no_such_purpose_is_shown_nothing() -> None:
    with pytest.raises(RefusedError, match="neither lead"):
        VAULT.decide(VaultState(), reading("department", concerned=False))
    with pytest.raises(RefusedError, match="purpose"):
        VAULT.decide(VaultState(), reading("department", purpose="supervision"))


def test_every_role_of_the_rules_has_a_kind_of_actor_for_the_record() -> None:
    assert load().roles.keys() == ACTOR_KINDS.keys()


def test_what_is_erased_is_erased_once_and_read_no_more() -> None:
    (event,) = VAULT.decide(VaultState(), erasing())
    assert isinstance(event, PersonalDataErased)
    gone = VAULT.evolve(VaultState(), event)
    assert list(VAULT.decide(gone, erasing())) == []
    assert list(VAULT.decide(gone, erasing("retention"))) == []
    with pytest.raises(RefusedError, match="has been erased"):
        VAULT.decide(gone, reading("supervisor"))


def test_a_person_is_found_by_every_spelling_of_a_number() -> None:
    contact = SubmittedContact(phone="+86 138-0013-8000", email="Li@Example.com")
    stored = KEYS.of_submission(contact, ())
    assert KEYS.number("contact", read_subject(f"phone:{PHONE}")) in stored
    assert KEYS.number("contact", read_subject("phone:138 0013 8000")) in stored
    assert KEYS.number("contact", read_subject("email:li@example.com")) in stored


def test_who_is_only_mentioned_has_another_key_than_the_contact() -> None:
    marks = mask(f"请回电{PHONE}，身份证11010519491231002X").marks
    stored = KEYS.of_submission(None, marks)
    phone, card = read_subject(f"phone:{PHONE}"), read_subject("document:11010519491231002x")
    assert KEYS.number("text", phone) in stored
    assert KEYS.number("text", card) in stored
    assert KEYS.number("contact", phone) not in stored
    assert subjects_in(f"电话{PHONE}") == {phone}


def test_a_fingerprint_needs_the_key() -> None:
    subject = read_subject(f"phone:{PHONE}")
    assert KEYS.fingerprint(subject) != SubjectKeys(b"another").fingerprint(subject)
    assert len(KEYS.fingerprint(subject)) == 16


@pytest.mark.parametrize("written", ["", "phone", "phone:12", "email:x", "name:李", "appeal:1"])
def test_what_names_nobody_is_refused(written: str) -> None:
    with pytest.raises(RefusedError):
        read_subject(written)


def test_personal_data_is_kept_until_the_first_of_two_limits() -> None:
    rules = load_retention()
    schedule = rules.schedule("hotline")
    stored = NOW
    open_one = Held("hotline", stored, None)
    assert expires_at(rules, open_one) == stored + timedelta(days=schedule.days_at_most)
    ended = Held("hotline", stored, stored + timedelta(days=10))
    after_end = timedelta(days=10 + schedule.days_after_end)
    assert expires_at(rules, ended) == stored + after_end
    late = Held("hotline", stored, stored + timedelta(days=schedule.days_at_most))
    assert expires_at(rules, late) == stored + timedelta(days=schedule.days_at_most)
    assert rules.schedule("never-heard-of") == rules.channels["default"]


def test_rules_without_a_last_one_for_all_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "screening.toml"
    path.write_text('version="1"\n[[rules]]\nid="x"\ndecision="screened"\nchannels=["letter"]\n')
    with pytest.raises(RuleFileError, match="no condition"):
        load_rules(path)
