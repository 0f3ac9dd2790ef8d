"""`appeals export`: a table, a file or a report as a copy that says whose it is."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeAlias, get_args
from uuid import UUID

import typer

from cli.dossier_reading import AtTime, with_dossier
from cli.outcome import USAGE, CommandError
from cli.rates import During
from cli.reach import servers_here
from cli.verify import OK
from libs.common.clock import system_clock
from libs.common.contracts.envelope import Actor
from libs.common.errors import StreamConflictError
from libs.common.eventstore.store import Connection
from libs.common.ids import SYSTEM_KEY, random_id
from services.dossier.adapters.exports import Format, Handover, hand_out
from services.dossier.adapters.formula_files import load_formulas
from services.dossier.adapters.names import catalogue_names
from services.dossier.domain.sheets.sheet import Document
from services.dossier.domain.sheets.views import View, ViewName
from services.dossier.read_model.copies import CopyAsked, CopyName, document_of
from services.dossier.read_model.finding import Found, find
from services.dossier.read_model.moments import asked_at, period_of

What: TypeAlias = Annotated[
    CopyName, typer.Argument(help="表、档案或报告。Table, file (dossier) or report.")
]
FORMATS: Final = get_args(Format)
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """What was typed."""

    what: CopyName
    out: Path
    who: str
    recipient: str
    purpose: str
    view: ViewName = "masked"
    wanted: str | None = None
    during: str | None = None
    at: str | None = None


def export(  # noqa: PLR0913 - one a switch
    *,
    what: What,
    wanted: Annotated[
        str | None, typer.Argument(help="企业或诉求；不写则全部。Enterprise or appeal, or all.")
    ] = None,
    out: Annotated[Path, typer.Option(help="文件：xlsx、csv、html 或 json。File to write.")],
    who: Annotated[str, typer.Option(help="导出人，单位/人员。Who exports, as unit/person.")],
    recipient: Annotated[str, typer.Option(help="交给谁；部门副本写部门代码。For whom.")],
    purpose: Annotated[str, typer.Option(help="用途，记入档案。What for; it is recorded.")],
    view: Annotated[
        ViewName, typer.Option(help="masked 隐去密件；department 隐去诉求人；full 全部。View.")
    ] = "masked",
    during: During = None,
    at: AtTime = None,
) -> None:
    """导出台账、档案、报告；每份副本有指纹并记入档案。A copy with its fingerprint, recorded."""
    asked = ExportAsked(what, out, who, recipient, purpose, view, wanted, during, at)
    raise typer.Exit(asyncio.run(export_command(servers_here().dsn, asked)))


async def export_command(dsn: str, asked: ExportAsked) -> int:
    """0 written and recorded, 2 for what is not known, 4 no database. Raises CommandError."""
    form, actor = format_of(asked.out), actor_of(asked.who)
    check_words(asked)

    async def work(connection: Connection) -> int:
        found = await find(connection, asked.wanted) if asked.wanted else None
        wanted = CopyAsked(
            name=asked.what,
            found=found,
            asked=asked_at(asked.at, system_clock()),
            period=period_of(asked.during),
            view=View(asked.view, asked.recipient),
            formulas=load_formulas(),
        )
        document = await document_of(connection, wanted, catalogue_names())
        handover = handover_of(asked, found, form, actor)
        asked.out.write_bytes(await recorded(connection, document, handover))
        rows = sum(len(one.rows) for one in document.tables)
        told = f"已导出 exported {asked.out}  {rows} 行 rows  导出编号 export {handover.export_id}"
        typer.echo(told)
        return OK

    return await with_dossier(dsn, work, "appeals-export")


async def recorded(connection: Connection, document: Document, handover: Handover) -> bytes:
    """Another export of the same file at the same moment makes this one try again."""
    for _ in range(TRIES - 1):
        try:
            return await hand_out(connection, document, handover, system_clock())
        except StreamConflictError:
            continue
    return await hand_out(connection, document, handover, system_clock())


def handover_of(asked: ExportAsked, found: Found | None, form: Format, actor: Actor) -> Handover:
    is_appeal = found is not None and found.kind == "appeal"
    is_enterprise = found is not None and found.kind == "enterprise"
    return Handover(
        export_id=random_id(),
        actor=actor,
        recipient=asked.recipient,
        purpose=asked.purpose,
        view=asked.view,
        format=form,
        chain_key=found.chain_key if found else SYSTEM_KEY,
        appeal_id=UUID(found.id) if found and is_appeal else None,
        enterprise_id=UUID(found.id) if found and is_enterprise else None,
    )


def format_of(out: Path) -> Format:
    """By the file's ending."""
    ending = out.suffix.removeprefix(".").casefold()
    for name in FORMATS:
        if name == ending:
            found: Format = name
            return found
    raise unknown_ending()


def actor_of(who: str) -> Actor:
    unit, slash, person = who.partition("/")
    if not (unit and slash and person):
        raise nobody_named()
    return Actor(kind="supervisor", id=person, unit=unit)


def check_words(asked: ExportAsked) -> None:
    if not asked.purpose.strip() or not asked.recipient.strip():
        raise nothing_said()


def unknown_ending() -> CommandError:
    names = ", ".join(FORMATS)
    zh, en = f"文件须以 {names} 结尾。", f"The file must end in one of {names}."
    return CommandError(zh, en, code=USAGE)


def nobody_named() -> CommandError:
    return CommandError(
        "--who 须写成 单位/人员，如 qdc/wang。",
        "--who must be unit/person, such as qdc/wang.",
        code=USAGE,
    )


def nothing_said() -> CommandError:
    return CommandError(
        "须写明用途和接收人。", "Say what the copy is for and who gets it.", code=USAGE
    )
