"""`appeals deadline`: when a clock ends under a policy, and why on that day."""

import json
from datetime import datetime
from typing import Annotated, Any, Final, Self

import typer

from libs.calendar.errors import NaiveTimeError, OutsideCalendarError
from libs.calendar.explaining import DayReason
from libs.calendar.explaining import deadline as explain
from libs.calendar.limits import Limit
from libs.calendar.load import load_calendar
from libs.calendar.working_calendar import shanghai
from libs.common.contracts.values import ClockName
from services.sla.adapters.policy_files import UnknownPolicyError, load_policy
from services.sla.domain.deadline import ClockRun, count_of, interim_runs, target_due
from services.sla.domain.policy import CLOCKS, GRADES, Grade

USAGE_ERROR: Final = 2


def deadline(
    policy: Annotated[str, typer.Option(help="时限政策 / policy, e.g. baoan")],
    clock: Annotated[str, typer.Option(help="时钟 / clock: resolve, contact, interim …")],
    accepted: Annotated[str, typer.Option(help="开始时间 / start, ISO 8601 with an offset")],
    urgency: Annotated[str, typer.Option(help="normal, urgent …")] = "normal",
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,  # noqa: FBT002
) -> None:
    """Print when a clock ends, with every day counted or skipped and the reason."""
    try:
        answer = reckon(policy, clock, urgency, accepted)
    except (UsageError, UnknownPolicyError, NaiveTimeError, OutsideCalendarError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE_ERROR) from error
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else text_of(answer))


def reckon(policy_name: str, clock: str, urgency: str, accepted: str) -> dict[str, Any]:
    policy = load_policy(policy_name)
    run = ClockRun(find_clock(clock), find_grade(urgency), find_time(accepted))
    calendar = load_calendar()
    found = explain(calendar, count_of(calendar, policy, run))
    target = target_due(calendar, policy, run)
    return {
        "policy": policy.name,
        "policy_version": policy.version_id,
        "clock": run.clock,
        "urgency": run.grade,
        "accepted": run.started_at.isoformat(),
        "due": found.due.isoformat(),
        "limit": policy.rule(run.clock, run.grade).limit.model_dump(mode="json"),
        "target_due": target.isoformat() if target else None,
        "counted": [named(day) for day in found.counted],
        "skipped": [named(day) for day in found.skipped],
        "provisional": found.provisional,
        "calendar_version": found.calendar_version,
        "source": policy.rule(run.clock, run.grade).source,
        "runs": run.clock != "interim" or interim_runs(calendar, policy, run),
    }


def named(day: DayReason) -> dict[str, str]:
    return {"date": day.date.isoformat(), "reason": day.reason}


class UsageError(ValueError):
    """What was typed names nothing that is there."""

    @classmethod
    def unknown(cls, zh: str, en: str, name: str, known: tuple[str, ...]) -> Self:
        names = ", ".join(known)
        return cls(
            f"没有名为 {name!r} 的{zh}。可用: {names} / "
            f"there is no {en} {name!r}: choose one of {names}"
        )


def find_clock(name: str) -> ClockName:
    for clock in CLOCKS:
        if clock == name:
            return clock
    raise UsageError.unknown("时钟", "clock", name, CLOCKS)


def find_grade(name: str) -> Grade:
    for grade in GRADES:
        if grade == name:
            return grade
    raise UsageError.unknown("紧急程度", "urgency", name, GRADES)


def find_time(text: str) -> datetime:
    try:
        return shanghai(datetime.fromisoformat(text))
    except NaiveTimeError:
        raise
    except (ValueError, OverflowError) as error:
        problem = (
            f"无法识别时间 {text!r}。请写成 2026-09-29T10:00:00+08:00 的形式 / "
            f"{text!r} is no time: write it like 2026-09-29T10:00:00+08:00"
        )
        raise UsageError(problem) from error


def text_of(answer: dict[str, Any]) -> str:
    limit = Limit.model_validate(answer["limit"])
    lines = [
        f"截止 due        {answer['due']}",
        f"时限 limit      {limit.text_zh} / {limit.text_en}",
        f"政策 policy     {answer['policy_version']}  {answer['clock']}  {answer['urgency']}",
        f"依据 source     {answer['source']}",
        f"开始 accepted   {answer['accepted']}",
        f"日历 calendar   {answer['calendar_version']}",
    ]
    if answer["target_due"]:
        lines.insert(1, f"目标 target     {answer['target_due']}")
    days = [(day["date"], "计入 counted", day["reason"]) for day in answer["counted"]]
    days += [(day["date"], "跳过 skipped", day["reason"]) for day in answer["skipped"]]
    lines += [f"  {day}  {how}  {reason}" for day, how, reason in sorted(days)]
    if answer["provisional"]:
        lines.append(
            "暂定: 该年放假通知尚未公布 / provisional: that year's holiday notice is not published"
        )
    if not answer["runs"]:
        lines.append(
            "该政策下不需要阶段答复 / not started under this policy: the resolve limit ends first"
        )
    return "\n".join(lines)
