from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classifier.domain.drift import FEWEST, Traffic, drift_of, stability_index

COUNTS = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 5_000), min_size=1)


def traffic(items: dict[str, int], returns: int = 0) -> Traffic:
    return Traffic(items, items, sum(items.values()), returns)


@given(COUNTS, COUNTS)
def test_the_index_is_finite_never_negative_and_the_same_both_ways(
    before: dict[str, int], lately: dict[str, int]
) -> None:
    index = stability_index(before, lately)
    assert isfinite(index)
    assert index >= -1e-12
    assert index == pytest.approx(stability_index(lately, before))


@given(COUNTS)
def test_what_has_not_changed_has_not_drifted(counts: dict[str, int]) -> None:
    assert stability_index(counts, counts) == pytest.approx(0)


def test_a_mix_turned_round_is_a_reason_to_look() -> None:
    before, lately = {"A": 900, "B": 100}, {"A": 100, "B": 900}
    # By hand: 2 * (0.9 - 0.1) * ln(9) = 3.516, a little less for the smoothing.
    assert stability_index(before, lately) == pytest.approx(3.516, abs=0.02)


def test_too_little_traffic_says_nothing() -> None:
    few, many = traffic({"A": FEWEST - 1}), traffic({"A": FEWEST}, returns=7)
    assert drift_of(few, many).item_psi is None
    assert drift_of(many, few).return_rate is None
    told = drift_of(many, many)
    assert (told.item_psi, told.confidence_psi, told.return_rate) == (0, 0, 0.07)
