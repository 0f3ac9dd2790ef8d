"""`appeals why`: each decision on an appeal, explained from its own entries alone."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from cli.dossier_reading import AtTime, print_json, with_dossier
from cli.options import AsJson
from cli.reach import servers_here
from cli.verify import OK, USAGE_ERROR, say
from libs.common.clock import system_clock
from services.dossier.adapters.names import catalogue_names
from services.dossier.domain.life.view import reasons_json, text
from services.dossier.domain.lines import local
from services.dossier.domain.states import STATE_ZH
from services.dossier.domain.why.explaining import reasons_of_event
from services.dossier.domain.why.reason import SUBJECT, Ground, Reason
from services.dossier.read_model.finding import Reader, find
from services.dossier.read_model.moments import asked_at
from services.dossier.read_model.telling import Told, tell

NO_SUCH_EVENT: Final = (
    "该诉求没有这个事件的说明，请核对事件编号、档案序号或类型。 / nothing to explain by that: give "
    "an event's id, its number in the file, or its type."
)
DIGITS: Final = 12


def why(
    *,
    appeal: Annotated[str, typer.Argument(help="诉求编号或工单号。Appeal or its number.")],
    event: Annotated[
        str | None,
        typer.Argument(help="事件编号、档案序号、类型或主题。Event, entry, type or subject."),
    ] = None,
    at: AtTime = None,
    as_json: AsJson = False,
) -> None:
    """为何这样分类、派单、定期限、催办。Why each decision fell, from the log alone."""
    raise typer.Exit(asyncio.run(why_command(servers_here().dsn, appeal, event, at, as_json)))


async def why_command(
    dsn: str,
    wanted: str,
    event: str | None,
    at: str | None,
    as_json: bool,  # noqa: FBT001 - the command's own switch
) -> int:
    """0 explained, 2 nothing known by that name, 4 no database."""

    async def work(connection: Reader) -> int:
        found = await find(connection, wanted)
        told = await tell(connection, found, catalogue_names(), asked_at(at, system_clock()))
        reasons = told.reasons if event is None else reasons_of_event(told.reasons, event)
        if event is not None and not reasons:
            return say(NO_SUCH_EVENT, USAGE_ERROR)
        if as_json:
            print_json(why_json(told, reasons))
        else:
            print_reasons(Console(), told, reasons)
        return OK

    return await with_dossier(dsn, work, "appeals-why")


def why_json(told: Told, reasons: Sequence[Reason]) -> dict[str, object]:
    return {
        "appeal_id": str(told.life.appeal_id),
        "at": text(told.life.until),
        "state": told.life.state.value,
        "state_zh": STATE_ZH[told.life.state],
        "reasons": reasons_json(reasons),
    }


def print_reasons(console: Console, told: Told, reasons: Sequence[Reason]) -> None:
    """Nothing is cut; what does not fit goes on below itself."""
    state = told.life.state
    console.print(Text(f"诉求 appeal {told.life.appeal_id}  {STATE_ZH[state]} {state.value}"))
    subject = None
    for one in reasons:
        if one.subject != subject:
            subject = one.subject
            called = SUBJECT[subject]
            console.print()
            console.print(Text(f"{called.zh} {called.en}", style="bold"))
        print_reason(console, one)


def print_reason(console: Console, one: Reason) -> None:
    console.print(Text(f"● {one.what.zh} / {one.what.en}"), soft_wrap=True)
    for ground in one.grounds:
        console.print(ground_text(ground), soft_wrap=True)
    said = one.said
    place = f"{said.service}/{said.partition}/{said.sequence}"
    proof = f"    出处 said by #{said.version} {said.type}  {local(said.time)}  {place}"
    console.print(Text(f"{proof}  {said.hash[:DIGITS]}", style="dim"), soft_wrap=True)


def ground_text(ground: Ground) -> Text:
    return (
        Text(f"    {ground.zh} ", style="")
        .append(f"{ground.en}", style="dim")
        .append(f"  {ground.value}")
    )
