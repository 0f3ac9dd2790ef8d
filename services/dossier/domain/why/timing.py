"""Why a clock ends when it does, reckoned again from what its event recorded; and why it told."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias
from uuid import UUID

from libs.calendar.counting import Count
from libs.calendar.errors import OutsideCalendarError
from libs.calendar.explaining import DayReason, deadline
from libs.calendar.limits import Limit, Unit
from libs.calendar.running import Pause
from libs.calendar.working_calendar import WorkingCalendar
from libs.common.contracts.sla_parts import ClockStart
from services.dossier.domain.clock_summaries import CLOCK, ESCALATION, WHY_MOVED
from services.dossier.domain.life.clocks import ClockRun, Deadline, StepTaken
from services.dossier.domain.life.happenings import Happening, by_id
from services.dossier.domain.life.life import Life
from services.dossier.domain.lines import Line, local
from services.dossier.domain.why.reason import Ground, Reason, Words, ground

# None for a version that is not at hand: then nothing can be reckoned again.
Calendars: TypeAlias = Callable[[str], WorkingCalendar | None]
GRADE: Final = {
    "normal": "常态 normal",
    "urgent": "加急 urgent",
    "complex": "复杂 complex",
    "consult": "咨询 consult",
    "utility": "水电气热 utility",
}
NO_NOTICE: Final = "该年放假通知尚未公布 / no official notice for that year yet"
NOT_AT_HAND: Final = "缺少日历或时限，无法复算 / calendar or limit not at hand"
FOUND_LATE: Final = "到期时未能触发，事后按应到时间补记 / told after its time"
CHANGE: Final = {"start": Line("开始", "start"), **WHY_MOVED}


def deadline_reasons(life: Life, calendars: Calendars) -> Iterator[Reason]:
    causes = by_id(life.happenings)
    for run in life.runs:
        for one in run.deadlines:
            clock, due = CLOCK[one.start.clock], local(one.start.due)
            change = CHANGE[one.reason]
            yield Reason(
                subject="deadline",
                what=Line(
                    f"{clock.zh}时限至 {due}（第 {one.start.deadline_version} 版，{change.zh}）",
                    f"{clock.en} is due {due} (version {one.start.deadline_version}, {change.en})",
                ),
                at=one.said.time,
                said=one.said,
                grounds=tuple(deadline_grounds(one, causes, calendars)),
            )


def deadline_grounds(
    one: Deadline, causes: dict[UUID, Happening], calendars: Calendars
) -> Iterator[Ground]:
    start = one.start
    cause = causes.get(one.said.cause) if one.said.cause else None
    yield ground("起因", "because of", f"{cause.type} #{cause.version}" if cause else "-")
    yield ground("起算", "starts", local(start.started_at))
    yield ground("时限", "limit", start.limit)
    yield ground("级别", "grade", GRADE.get(start.grade or "", "-"))
    yield ground("政策版本", "policy", start.policy_version)
    if start.source:
        yield ground("依据", "source", start.source)
    yield ground("日历版本", "calendar", start.calendar_version)
    if start.provisional:
        yield ground("暂定", "provisional", NO_NOTICE)
    yield from reckoned_again(start, calendars)


def reckoned_again(start: ClockStart, calendars: Calendars) -> Iterator[Ground]:
    """The days on the way, and whether the same due time comes out."""
    calendar, count = calendars(start.calendar_version), count_of(start)
    if calendar is None or count is None:
        yield ground("复算", "reckoned again", NOT_AT_HAND)
        return
    try:
        found = deadline(calendar, count)
    except OutsideCalendarError as error:
        yield ground("复算", "reckoned again", error)
        return
    yield ground("计入", "counted", days(found.counted))
    yield ground("跳过", "skipped", days(found.skipped))
    due = min(found.due, start.not_after) if start.not_after else found.due
    same = "一致 the same" if due == start.due else f"不一致 differs: {local(due)}"
    yield ground("复算", "reckoned again", same)


def count_of(start: ClockStart) -> Count | None:
    limit = limit_of(start)
    if limit is None:
        return None
    pauses = tuple(Pause(rest.paused_at, rest.resumed_at) for rest in start.rests)
    return Count(limit, start.started_at, pauses)


def limit_of(start: ClockStart) -> Limit | None:
    """The oldest events name the limit in words alone."""
    if start.unit is not None and start.amount is not None:
        return Limit(unit=Unit(start.unit), amount=start.amount)
    amount, _, unit = start.limit.rpartition("/")[2].strip().partition(" ")
    name = unit.replace(" ", "_")
    if not amount.isdecimal() or name not in {one.value for one in Unit}:
        return None
    return Limit(unit=Unit(name), amount=int(amount))


def days(found: tuple[DayReason, ...]) -> str:
    """Neighbouring days of one reason are told together."""
    runs: list[tuple[DayReason, DayReason]] = []
    for day in found:
        if runs and runs[-1][1].reason == day.reason and (day.date - runs[-1][1].date).days == 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return "、".join(span(first, last) for first, last in runs) or "-"


def span(first: DayReason, last: DayReason) -> str:
    until = "" if first == last else f"至{last.date:%m-%d}"
    return f"{first.date:%m-%d}{until} {first.reason}"


def escalation_reasons(life: Life, words: Words) -> Iterator[Reason]:
    for run in life.runs:
        for step in run.steps:
            kind, clock = ESCALATION[step.kind], CLOCK[run.clock]
            revoked = Line("（已撤销）", " (revoked)") if step.revoked else Line("", "")
            yield Reason(
                subject="escalation",
                what=Line(
                    f"{clock.zh}时限第 {step.level} 级{kind.zh}{revoked.zh}",
                    f"{clock.en} limit, level {step.level}: {kind.en}{revoked.en}",
                ),
                at=step.step_at,
                said=step.said,
                grounds=tuple(step_grounds(run, step, words)),
            )


def step_grounds(run: ClockRun, step: StepTaken, words: Words) -> Iterator[Ground]:
    event = step.said.event
    yield ground("应在", "due at", local(step.step_at))
    yield ground("时限至", "the limit ends", local(event.due))
    yield ground("期限版本", "deadline version", step.deadline_version)
    planned = next((one for one in planned_steps(run, step)), None)
    yield ground("阶梯计划", "planned by the ladder", planned or "-")
    yield ground("时限政策", "policy", policy_of(run, step))
    yield ground("告知", "told to", words.of(event.unit) + f" {event.post_zh or step.addressee}")
    yield ground("责任单位", "lead", words.of(event.lead))
    if step.late:
        yield ground("补记", "found late", FOUND_LATE)


def planned_steps(run: ClockRun, step: StepTaken) -> Iterator[str]:
    for one in run.deadlines:
        if one.start.deadline_version == step.deadline_version:
            for planned in one.start.steps:
                if planned.level == step.level:
                    yield f"第 {planned.level} 级 {planned.kind} {local(planned.at)}"


def policy_of(run: ClockRun, step: StepTaken) -> str:
    found = [d.start for d in run.deadlines if d.start.deadline_version == step.deadline_version]
    return found[0].policy_version if found else "-"
