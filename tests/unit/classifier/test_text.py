import pytest

from services.classifier.adapters.ngrams import ngrams, spelled
from services.classifier.domain.place import cues
from services.classifier.domain.text import LONGEST_HEAD, LONGEST_TAIL, SEPARATOR, fold, meaningful


@pytest.mark.parametrize(
    ("character", "folded"),
    [("Ａ", "a"), ("７", "0"), ("貸", "贷"), ("證", "证"), ("，", SEPARATOR), ("😀", SEPARATOR)],
)
def test_a_character_has_one_spelling(character: str, folded: str) -> None:
    assert fold(character) == folded


def test_traditional_and_simplified_texts_have_the_same_ngrams() -> None:
    old, new = ngrams(["銀行貸款"]), ngrams(["银行贷款"])
    assert old.keys.tolist() == new.keys.tolist()


def test_masks_markup_and_links_are_not_read() -> None:
    text = "<b>停电</b>&nbsp;〔电话1〕https://example.invalid/a"
    assert {spelled(key) for key in ngrams([text]).keys.tolist()} == {"停", "电", "停电"}


def test_ngrams_do_not_reach_over_punctuation_or_into_the_next_text() -> None:
    grams = ngrams(["甲乙，丙", "丁"])
    found = {
        (row, spelled(key))
        for row, key in zip(grams.rows.tolist(), grams.keys.tolist(), strict=True)
    }
    assert found == {(0, "甲"), (0, "乙"), (0, "甲乙"), (0, "丙"), (1, "丁")}


def test_amounts_of_different_size_read_the_same() -> None:
    assert ngrams(["贷款500万"]).keys.tolist() == ngrams(["贷款12万"]).keys.tolist()


def test_of_a_very_long_text_only_head_and_tail_are_read() -> None:
    text = "头" + "中" * 100_000 + "尾"
    short = meaningful(text)
    assert len(short) == LONGEST_HEAD + LONGEST_TAIL + 1
    assert (short[0], short[-1]) == ("头", "尾")


def test_the_place_of_a_firm_elsewhere_is_noticed() -> None:
    assert cues("我公司在东莞，东莞停电了") == (1.0, 0.0, 1.0)
    assert cues("想从东莞搬到贵区") == (1.0, 1.0, 0.0)
