"""An appeal's state, clocks and responsibility time, as lines for a terminal."""

from collections.abc import Iterator
from typing import Final

from services.dossier.domain.clock_summaries import CLOCK
from services.dossier.domain.ledger.segments import Account
from services.dossier.domain.ledger.words import DUTY, holder_name, length
from services.dossier.domain.life.clocks import ClockRun
from services.dossier.domain.lines import Line, Names, local, named
from services.dossier.domain.states import STATE_ZH
from services.dossier.read_model.telling import Told

STANDING: Final = {
    "running": Line("计时中", "running"),
    "paused": Line("已暂停", "paused"),
    "silent": Line("督办暂停", "silent"),
    "stopped": Line("已停", "stopped"),
}
SECRET: Final = {"confidential": "〔保密件〕", "whistleblower": "〔举报〕"}


def life_lines(told: Told, names: Names) -> list[str]:
    life, who = told.life, told.who
    title = SECRET.get(who.confidentiality) or f"{who.title or ''}  {who.enterprise_name or ''}"
    about = [named(names, code).zh for code in (who.item, who.lead) if code]
    officer = f"  挂点干部 officer {who.officer_id}" if who.officer_id else ""
    return [
        f"{STATE_ZH[life.state]} {life.state.value}  {title}",
        *([f"事项与主办 item and lead  {' → '.join(about)}{officer}"] if about else []),
        *clock_lines(told),
        *account_lines(told.account, names),
    ]


def clock_lines(told: Told) -> Iterator[str]:
    if told.life.runs:
        yield "时限 clocks"
    for run in told.life.runs:
        yield f"  {clock_line(run, told)}"


def clock_line(run: ClockRun, told: Told) -> str:
    clock, standing = CLOCK[run.clock], STANDING[run.standing]
    overdue = "  已逾期 overdue" if run.is_overdue(told.life.until) else ""
    moved = f"（第 {run.start.deadline_version} 版）" if len(run.deadlines) > 1 else ""
    provisional = "（暂定 provisional）" if run.start.provisional else ""
    stopped = f" {local(run.stopped_at)}" if run.stopped_at else ""
    return (
        f"{clock.zh} {clock.en}  至 due {local(run.start.due)}{moved}{provisional}  "
        f"{run.start.limit}  {standing.zh} {standing.en}{stopped}{overdue}"
    )


def account_lines(account: Account, names: Names) -> Iterator[str]:
    if not account.segments:
        return
    yield (
        f"责任时长 responsibility time  工作时间 working {length(account.working_seconds)}  "
        f"历时 elapsed {length(account.calendar_seconds)}"
    )
    for one in account.segments:
        turn = one.turn
        duty = DUTY[turn.duty]
        end = "至今 now" if one.is_open else local(one.ends_at)[5:]
        yield (
            f"  {local(one.starts_at)} – {end}  {holder_name(names, turn.unit, turn.person)}  "
            f"{duty.zh} {duty.en}  {length(one.working_seconds)} / "
            f"{length(one.calendar_seconds)}  #{turn.cause.version}"
        )
