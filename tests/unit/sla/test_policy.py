import copy
from collections.abc import Callable
from typing import Any, Final

import pytest

from libs.calendar.limits import Limit, Unit
from services.sla.adapters.policy_files import (
    PolicyDataError,
    UnknownPolicyError,
    decode_policy,
    load_policies,
    load_policy,
    policy_names,
    read_entries,
)
from services.sla.domain.policy import CLOCKS, GRADES

NATIONAL: Final = read_entries("national")


def test_the_pack_holds_every_promised_preset() -> None:
    assert set(policy_names()) >= {
        "national",
        "hotline",
        "baoan",
        "guangming",
        "zhongshan",
        "zhuhai",
        "jiangmen",
        "shandong",
        "beijing",
    }


def test_every_preset_rules_every_clock_for_every_grade_and_names_its_source() -> None:
    for name, policy in load_policies().items():
        for clock in CLOCKS:
            for grade in GRADES:
                rule = policy.rule(clock, grade)
                assert rule.source, (name, clock, grade)
                assert policy.ladder(rule), (name, clock, grade)


def test_a_preset_keeps_what_it_does_not_change() -> None:
    assert load_policy("zhongshan").rule("sign", "normal") == load_policy("national").rule(
        "sign", "normal"
    )


def test_the_hotline_promises_twelve_days_and_enforces_twenty() -> None:
    rule = load_policy("hotline").rule("resolve", "normal")
    assert rule.target == Limit(unit=Unit.CALENDAR_DAYS, amount=12)
    assert rule.limit == Limit(unit=Unit.CALENDAR_DAYS, amount=20)


def test_a_complex_item_without_a_rule_may_extend_the_normal_limit_once() -> None:
    policy = load_policy("baoan")
    normal = policy.rule("resolve", "normal")
    found = policy.rule("resolve", "complex")
    assert found.limit == normal.limit
    assert normal.extension is None
    assert found.extension is not None
    assert (found.extension.by, found.extension.at_most) == (normal.limit, 1)


def test_a_published_limit_for_complex_items_wins() -> None:
    assert load_policy("beijing").rule("resolve", "complex").limit == Limit(
        unit=Unit.CALENDAR_DAYS, amount=15
    )


def test_a_name_outside_the_pack_is_refused_with_the_choice() -> None:
    with pytest.raises(UnknownPolicyError, match=r"atlantis.*baoan"):
        load_policy("atlantis")


def test_a_path_is_no_policy_name() -> None:
    with pytest.raises(UnknownPolicyError):
        load_policy("../policies/baoan")


def drop_clock(entries: dict[str, Any]) -> None:
    del entries["clocks"]["sign"]


def unknown_ladder(entries: dict[str, Any]) -> None:
    entries["clocks"]["sign"]["normal"]["ladder"] = "rope"


def no_limit(entries: dict[str, Any]) -> None:
    entries["clocks"]["sign"]["normal"]["limit"]["amount"] = 0


def a_float(entries: dict[str, Any]) -> None:
    entries["clocks"]["sign"]["normal"]["limit"]["amount"] = 1.5


def target_step_without_target(entries: dict[str, Any]) -> None:
    entries["clocks"]["resolve"]["normal"]["ladder"] = "target"


def levels_out_of_order(entries: dict[str, Any]) -> None:
    entries["ladders"]["short"][0]["level"] = 5


def no_breach(entries: dict[str, Any]) -> None:
    entries["ladders"]["short"][1]["kind"] = "warning"


def odd_anchor(entries: dict[str, Any]) -> None:
    entries["ladders"]["short"][2]["anchor"]["by"]["unit"] = "calendar_days"


def mixed_extension(entries: dict[str, Any]) -> None:
    by = {"unit": "elapsed_hours", "amount": 5}
    entries["clocks"]["resolve"]["normal"]["extension"] = {"by": by, "at_most": 1}


def pause_in_hours(entries: dict[str, Any]) -> None:
    entries["pause"]["cap"]["unit"] = "elapsed_hours"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (drop_clock, "no rule for the clocks sign"),
        (unknown_ladder, "sign/normal names the ladder rope"),
        (no_limit, "greater than or equal to 1"),
        (a_float, "fractional"),
        (target_step_without_target, "resolve/normal has a step at its target"),
        (levels_out_of_order, "levels of the ladder short"),
        (no_breach, "short needs one breach"),
        (odd_anchor, "can not stand 1 calendar days away"),
        (mixed_extension, "in the unit of the limit"),
        (pause_in_hours, "in working days"),
    ],
)
def test_a_bad_policy_is_refused_with_the_reason(
    spoil: Callable[[dict[str, Any]], None], reason: str
) -> None:
    entries = copy.deepcopy(NATIONAL)
    spoil(entries)
    with pytest.raises(PolicyDataError, match=reason):
        decode_policy("national", entries)


def test_a_file_under_a_wrong_name_is_refused() -> None:
    with pytest.raises(PolicyDataError, match="the file says national"):
        decode_policy("baoan", NATIONAL)
