import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc as oracle

from services.intake.domain.identity import (
    USCC_ALPHABET,
    UsccFault,
    find_uscc_fault,
    is_id_card,
    is_phone,
    normalise_phone,
    normalise_uscc,
)
from tests.unit.intake import generated

VALID = "91440306FABLE0036X"
SIGNS = st.text(USCC_ALPHABET, min_size=9, max_size=9)


@given(body=SIGNS, last=st.sampled_from(USCC_ALPHABET))
def test_the_check_digit_agrees_with_an_independent_implementation(body: str, last: str) -> None:
    code = f"91440306{body}{last}"
    assert (find_uscc_fault(code) is None) == oracle.is_valid(code)


@given(body=SIGNS)
def test_every_code_with_a_computed_check_digit_is_taken(body: str) -> None:
    code = "91440306" + body + oracle.calc_check_digit("91440306" + body)
    assert find_uscc_fault(code) is None


@given(code=st.text(USCC_ALPHABET + "IOSVZ", min_size=16, max_size=19))
def test_no_other_shape_is_taken_that_the_other_implementation_refuses(code: str) -> None:
    assert (find_uscc_fault(code) is None) == oracle.is_valid(code)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (VALID, None),
        (VALID.lower(), None),
        (" 9144 0306-FABLE0036X ", None),
        ("９１４４０３０６ＦＡＢＬＥ００３６Ｘ", None),
        ("91440306FABLE0036", UsccFault.LENGTH),
        ("不知道", UsccFault.LENGTH),
        ("440306103123456", UsccFault.OLD_NUMBER),
        ("91440306FABLEO036X", UsccFault.ALPHABET),
        ("91440306FABLE00361", UsccFault.CHECK_DIGIT),
        ("9144030AFABLE0036X", UsccFault.SHAPE),
        ("", UsccFault.LENGTH),
    ],
)
def test_a_code_is_read_as_it_was_meant_and_its_fault_is_named(
    written: str, fault: UsccFault | None
) -> None:
    assert find_uscc_fault(normalise_uscc(written)) == fault


@given(number=generated.MOBILE_SPELLINGS)
def test_every_spelling_of_a_mobile_number_is_one_number(number: str) -> None:
    normalised = normalise_phone(number)
    assert is_phone(normalised)
    assert len(normalised) == 11
    assert normalised.startswith("1")


@given(number=generated.LANDLINES)
def test_a_landline_with_its_area_code_is_a_phone(number: str) -> None:
    assert is_phone(normalise_phone(number))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("13800086001", True),
        ("27001234", True),
        ("0755-27001234转801", True),
        ("0755-2700-1234", True),
        ("400-820-0000", True),
        ("+852 2123 4567", True),
        ("1380000123", False),
        ("138000012345", False),
        ("12345", False),
        ("找前台", False),
        ("", False),
        ("0000000", False),
    ],
)
def test_what_can_not_be_dialled_is_no_phone(written: str, *, right: bool) -> None:
    assert is_phone(normalise_phone(written)) is right


def test_the_digits_of_a_country_code_inside_a_number_are_kept() -> None:
    assert normalise_phone("13800860001") == "13800860001"
    assert normalise_phone("+8613800860001") == "13800860001"


@given(card=generated.ID_CARDS)
def test_generated_identity_cards_are_cards_for_an_independent_implementation(card: str) -> None:
    assert is_id_card(card)
    assert ric.calc_check_digit(card) == card[-1]


@given(card=generated.ID_CARDS, at=st.integers(14, 16))
def test_an_identity_card_with_one_digit_changed_is_none(card: str, at: int) -> None:
    changed = card[:at] + str((int(card[at]) + 1) % 10) + card[at + 1 :]
    assert not is_id_card(changed)


@pytest.mark.parametrize("number", ["440306199002301234", "440306188001011234", "990306199001011"])
def test_a_number_without_a_birthday_or_a_province_is_no_identity_card(number: str) -> None:
    assert not is_id_card(number)
