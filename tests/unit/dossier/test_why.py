"""`why` tells what the entries recorded, and reckons deadlines again from that alone."""

from datetime import date

import pytest

from libs.calendar.load import load_calendar
from libs.calendar.working_calendar import WorkingCalendar
from libs.common.contracts import sla
from services.dossier.domain.lines import Line
from services.dossier.domain.why.explaining import reasons_of, reasons_of_event
from services.dossier.domain.why.reason import Reason, Words
from services.dossier.domain.why.timing import limit_of
from tests.unit.dossier.story import APPEAL, GXJ, Story, at, happy

CALENDAR = load_calendar()
WORDS = Words({"gxj": Line("区工业和信息化局", "Industry"), "FIN-001": Line("融资", "finance")})


def calendars(version: str) -> WorkingCalendar | None:
    return CALENDAR if version == CALENDAR.version else None


def reasons(story: Story, until: str = "03-31 18:00") -> list[Reason]:
    return reasons_of(story.life(until), WORDS, calendars)


def grounds(one: Reason) -> dict[str, str]:
    return {ground.zh: ground.value for ground in one.grounds}


def test_a_classification_names_confidence_threshold_runner_up_words_and_versions() -> None:
    (found,) = [one for one in reasons(happy()) if one.subject == "classification"]
    assert found.what.zh == "自动分类为 融资 FIN-001"
    told = grounds(found)
    assert (told["置信度"], told["阈值"], told["领先次选"]) == ("91.00%", "60.00%", "50.00%")
    assert told["次选"] == "没有第二候选 / no second candidate"
    assert told["依据词语及占比"] == "“贷款” 40.00%"
    assert (told["模型版本"], told["目录版本"]) == ("test", "test")


def test_a_dispatch_names_its_rule_and_both_tables() -> None:
    (found,) = [one for one in reasons(happy()) if one.subject == "dispatch"]
    assert "区工业和信息化局 gxj" in found.what.zh
    told = grounds(found)
    assert (told["规则"], told["分拨表版本"], told["目录版本"]) == ("FIN-001/lead", "test", "test")


def test_a_deadline_names_each_counted_and_skipped_day_and_comes_out_the_same_again() -> None:
    story = Story().accepted("09-29 10:00").resolve_clock("09-29 10:00", "10-10 18:00")
    (found,) = [one for one in reasons(story, "12-31 18:00") if one.subject == "deadline"]
    told = grounds(found)
    # Three working days end on the ninth: the event said the tenth, and is found out.
    assert told["计入"] == "09-30 工作日、10-08至10-09 工作日"
    assert told["跳过"] == "10-01至10-07 国庆节"
    assert told["复算"] == "不一致 differs: 2026-10-09 18:00"
    assert (told["时限"], told["政策版本"]) == ("3 个工作日 / 3 working days", "baoan-2026.1")
    assert told["起因"] == "intake.appeal-accepted.v1 #2"


def test_a_right_deadline_is_said_to_be_the_same() -> None:
    (found,) = [one for one in reasons(happy()) if one.subject == "deadline"]
    assert grounds(found)["复算"] == "一致 the same"


def test_without_its_calendar_a_deadline_is_not_pretended_to_be_checked() -> None:
    found = reasons_of(happy().life("03-31 18:00"), WORDS, lambda _: None)
    (deadline,) = [one for one in found if one.subject == "deadline"]
    assert grounds(deadline)["复算"].startswith("缺少日历或时限")


def test_an_escalation_names_its_plan_its_deadline_and_who_was_told() -> None:
    step = sla.LimitPassed(
        appeal_id=APPEAL,
        clock="resolve",
        deadline_version=1,
        level=2,
        step_at=at("03-05 18:00"),
        notify_at=at("03-05 18:00"),
        due=at("03-05 18:00"),
        addressee="unit_head",
        lead=GXJ,
        late=True,
        unit=GXJ,
        post_zh="局长",
    )
    revoked = sla.EscalationRevoked(
        appeal_id=APPEAL,
        clock="resolve",
        deadline_version=1,
        level=2,
        step_at=at("03-05 18:00"),
        stopped_at=at("03-05 17:00"),
    )
    story = happy().say("03-05 19:00", step)
    (found,) = [one for one in reasons(story) if one.subject == "escalation"]
    told = grounds(found)
    assert found.what.zh == "办结时限第 2 级逾期"
    assert told["告知"] == "区工业和信息化局 gxj 局长"
    assert told["阶梯计划"] == "第 2 级 breach 2026-03-05 18:00"
    assert "补记" in told
    (again,) = [
        one for one in reasons(story.say("03-05 20:00", revoked)) if one.subject == "escalation"
    ]
    assert again.what.zh.endswith("（已撤销）")


@pytest.mark.parametrize("wanted", ["#4", "4", "classifier.appeal-classified.v1", "classification"])
def test_one_event_can_be_asked_for_by_number_type_or_subject(wanted: str) -> None:
    (found,) = reasons_of_event(reasons(happy()), wanted)
    assert found.said.version == 4


def test_an_event_can_be_asked_for_by_the_beginning_of_its_id() -> None:
    story = happy()
    wanted = str(story.happenings[3].id)
    assert reasons_of_event(reasons(story), wanted[:8])[0].said.version == 4
    assert reasons_of_event(reasons(story), "nothing") == []


def test_of_a_moment_only_what_was_decided_by_then_is_explained() -> None:
    assert {one.subject for one in reasons(happy(), "03-02 10:01")} == {
        "classification",
        "deadline",
    }


def test_the_oldest_events_say_their_limit_in_words() -> None:
    story = happy()
    start = story.happenings[2].event.clocks[0].model_copy(update={"unit": None, "amount": None})
    limit = limit_of(start)
    assert limit is not None
    assert (limit.amount, limit.unit) == (3, "working_days")
    assert limit_of(start.model_copy(update={"limit": "soon"})) is None


def test_the_calendar_agrees_that_the_tenth_of_october_is_a_make_up_day() -> None:
    assert CALENDAR.day(date(2026, 10, 10)).reason == "调休上班"
