"""Five districts' procedures, each as their own published words have it (domain.md, section 1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from cli.scenarios.quzhou import quzhou
from cli.scenarios.story import REPLY, Filed, Story, begin
from libs.calendar.days import SHANGHAI

Play: TypeAlias = Callable[[Story], Mapping[str, Filed]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`play` gives the appeals that are worth a look, by the name they have in the story."""

    name: str
    zh: str
    en: str
    policy: str
    starts_at: datetime
    play: Play


@dataclass(frozen=True, slots=True)
class Played:
    scenario: Scenario
    story: Story
    appeals: Mapping[str, Filed] = field(default_factory=dict[str, Filed])


def baoan(story: Story) -> Mapping[str, Filed]:
    """双协调: solved on the spot, or supervised on the platform; 3 working days, or 12 hours."""
    visited = story.file("车间门口的下水井盖破损，货车进不来。", channel="visit")
    silent = story.dispatched("园区三号厂房从昨晚开始停电，供电部门没有答复。")
    urgent = story.dispatched("危化品仓库泄漏，车间已经停产，有人受伤。", urgency="urgent")
    story.wait(minutes=20)
    on_site(story, visited)
    for appeal in (silent, urgent):
        story.by_lead(appeal, "sign")
        story.contact(appeal)
    story.at(2026, 3, 2, 20)
    story.answer(urgent)
    story.at(2026, 3, 3, 10)
    story.approve(urgent)
    story.approve(visited)
    story.rate(urgent, 9)
    story.rate(visited, 10)
    # The lead of the third says nothing until three working days are over.
    story.at(2026, 3, 6, 10)
    story.answer(silent)
    story.at(2026, 3, 6, 15)
    story.approve(silent)
    story.rate(silent, 8)
    story.at(2026, 3, 9)
    return {"现场即办": visited, "平台督办": silent, "加急": urgent}


def on_site(story: Story, appeal: Filed) -> None:
    story.act(
        appeal,
        "officer",
        "gxj",
        "resolve-on-site",
        outcome="solved",
        visited_at=story.now.isoformat(),
        site_record="到厂查看，联系市政当场更换。",
        public_reply=REPLY,
    )


def guangming(story: Story) -> Mapping[str, Filed]:
    """12345 orders: 20 days, and 12 to aim at, across National Day."""
    early = story.dispatched("公司拖欠工程款，请协调付款。")
    late = story.dispatched("员工子女入学材料被退回，不知道缺什么。")
    for appeal in (early, late):
        story.by_lead(appeal, "sign")
        story.contact(appeal)
    story.at(2026, 9, 30, 15)
    for appeal in (early, late):
        story.by_lead(appeal, "reply-interim", reply=REPLY)
    story.at(2026, 10, 9, 15)
    story.answer(early)
    story.wait(hours=1)
    story.approve(early)
    story.rate(early, 9)
    story.at(2026, 10, 15, 15)
    story.answer(late)
    story.wait(hours=1)
    story.approve(late)
    story.rate(late, 8)
    story.at(2026, 10, 20)
    return {"达到目标": early, "在时限内": late}


def pingshan(story: Story) -> Mapping[str, Filed]:
    """差评核实整改: a bad rating is verified and mended once, supervised and not returnable."""
    appeal = story.dispatched("园区三号厂房从昨晚开始停电，供电部门没有答复。")
    story.by_lead(appeal, "sign")
    story.contact(appeal)
    story.wait(days=1)
    story.answer(appeal, "explained")
    story.approve(appeal)
    story.rate(appeal, 3)
    story.wait(hours=2)
    instructions = "请到现场核实，逐项整改后再答复。"
    story.act(appeal, "supervisor", "qdc", "dispatch-rework", instructions=instructions)
    refuse_return(story, appeal)
    story.contact(appeal)
    story.wait(days=1)
    story.answer(appeal)
    story.approve(appeal)
    story.rate(appeal, 10)
    story.wait(days=1)
    return {"差评整改": appeal}


def refuse_return(story: Story, appeal: Filed) -> None:
    """What is done again can not be sent back: the action is refused, and that is on record."""
    grounds = {"explanation": "不属于本单位职责。", "legal_basis": "三定规定第三条"}
    story.by_lead(appeal, "request-return", reason="not_our_duty", **grounds)


def guangzhou(story: Story) -> Mapping[str, Filed]:
    """受理、分派、解决、评估: closed for a question and for what is none, each timed apart."""
    question = story.file(
        "请问高新技术企业认定什么时候可以申报？", kind="inquiry", channel="counter"
    )
    matter = story.dispatched("公司拖欠工程款，请协调付款。")
    story.wait(minutes=30)
    story.act(
        question,
        "seat",
        "12345",
        "answer-at-intake",
        knowledge_id="kb-2026-017",
        public_reply="每年三批，第一批截止到六月底，材料清单见官网办事指南。",
    )
    story.rate(question, 10)
    story.by_lead(matter, "sign")
    story.contact(matter)
    story.wait(days=1)
    story.answer(matter)
    story.approve(matter)
    story.rate(matter, 9)
    story.wait(days=1)
    return {"咨询类": question, "非咨询类": matter}


def on(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


SCENARIOS: Final[Mapping[str, Scenario]] = {
    one.name: one
    for one in (
        Scenario("baoan", "宝安：双协调", "Bao'an", "baoan", on(2026, 3, 2), baoan),
        Scenario(
            "guangming", "光明：20 天与 12 天", "Guangming", "guangming", on(2026, 9, 28), guangming
        ),
        Scenario("pingshan", "坪山：差评整改", "Pingshan", "baoan", on(2026, 3, 9), pingshan),
        Scenario("guangzhou", "广州：闭环", "Guangzhou", "national", on(2026, 3, 2), guangzhou),
        Scenario("quzhou", "衢州：交办单", "Quzhou", "national", on(2026, 3, 2), quzhou),
    )
}


def play(name: str, model: Path) -> Played:
    """Raises KeyError for a name that no scenario has."""
    scenario = SCENARIOS[name]
    story = begin(scenario.policy, scenario.starts_at, model)
    return Played(scenario, story, scenario.play(story))
