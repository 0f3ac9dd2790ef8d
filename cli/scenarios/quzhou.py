"""组团联企: 1,065 problems, 508 solved on site and 557 handed on; 122 orders with 303 of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import count, islice
from typing import Final

from cli.scenarios.story import REPLY, Filed, Story
from libs.catalogue.org import SUPERVISION_OFFICE
from libs.common.ids import AppealId, named_id

ON_SITE: Final = 508
HANDED_ON: Final = 557
# 59 orders of three problems and 63 of two are 122 orders with 303 problems.
ORDERS_OF_THREE: Final = 59
ORDERS_OF_TWO: Final = 63
LEFT_OPEN: Final = 1
TEXTS: Final = (
    "园区三号厂房停电，请尽快恢复供电。",
    "公司拖欠工程款，请协调付款。",
    "员工子女入学材料被退回，请说明缺什么。",
    "想申请创业担保贷款，银行说材料不齐。",
)


def quzhou(story: Story) -> Mapping[str, Filed]:
    solved = [visit(story, number) for number in range(ON_SITE)]
    handed = [visit(story, number) for number in range(HANDED_ON)]
    story.wait(hours=1)
    for appeal in solved:
        settle_on_site(story, appeal)
    for appeal in handed:
        story.act(appeal, "seat", "12345", "accept-appeal")
        story.confirm(appeal)
    orders = list(issue_orders(story, handed))
    story.wait(hours=1)
    for appeal in handed[LEFT_OPEN:]:
        work(story, appeal)
    story.wait(hours=3)
    for appeal in (*solved, *handed[LEFT_OPEN:]):
        story.approve(appeal)
        story.rate(appeal, 9)
    story.wait(hours=1)
    return {
        "现场协调解决": solved[0],
        "交办并办结": handed[LEFT_OPEN],
        "交办未结": handed[0],
        "第一份交办单": orders[0],
    }


def visit(story: Story, number: int) -> Filed:
    return story.file(TEXTS[number % len(TEXTS)], channel="visit")


def settle_on_site(story: Story, appeal: Filed) -> None:
    visited = story.now - timedelta(minutes=30)
    story.act(
        appeal,
        "officer",
        "gxj",
        "resolve-on-site",
        outcome="explained" if appeal.id.int % 3 == 0 else "solved",
        visited_at=visited.isoformat(),
        site_record="到企业现场协调解决或解释清楚。",
        public_reply=REPLY,
    )


def issue_orders(story: Story, handed: Sequence[Filed]) -> Iterator[Filed]:
    """One order, several problems."""
    problems = iter(handed)
    numbers = count(1)
    for size in (*ORDERS_OF_THREE * [3], *ORDERS_OF_TWO * [2]):
        number = next(numbers)
        order_id = named_id(f"story/order/{number}")
        order = Filed(AppealId(order_id), str(order_id))
        members = {str(one.id): one.key for one in islice(problems, size)}
        story.act(
            order,
            "supervisor",
            SUPERVISION_OFFICE,
            "issue-order",
            number=f"衢交办〔2020〕{number:03d}",
            title="组团联企服务问题交办",
            appeals=members,
        )
        yield order


def work(story: Story, appeal: Filed) -> None:
    story.by_lead(appeal, "sign")
    story.contact(appeal)
    story.answer(appeal, "explained" if appeal.id.int % 4 == 0 else "solved")
