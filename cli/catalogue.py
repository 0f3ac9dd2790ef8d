"""`appeals catalogue`: the next version of the items, from its draft to the day it takes effect."""

import asyncio
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.console import Console
from rich.table import Table

from cli.catalogue_effects import Proposal, open_appeals, proposals, show_proposals
from cli.catalogue_telling import STATUS, keep, tell
from cli.options import AsJson
from cli.outcome import USAGE, CommandError
from cli.reach import servers_here
from libs.catalogue.drafting import NewItem, heard, merge, move, new_draft, retire, split
from libs.catalogue.files import (
    make_folder,
    publish,
    read_draft,
    standings,
)
from libs.catalogue.load import DATA, FOLDER, load_release, releases, today

app = typer.Typer(
    help="事项目录：起草、征求意见、发布。Draft, consult and publish the catalogue.",
    no_args_is_help=True,
)
Folder: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--catalogue", envvar=FOLDER, help="目录文件夹，用 init 建立。The folder that init made."
    ),
]
Version: TypeAlias = Annotated[str, typer.Argument(help="版本，如 2026.2。A version.")]
Item: TypeAlias = Annotated[str, typer.Argument(help="事项代码。An item's code.")]
Reason: TypeAlias = Annotated[str, typer.Option(help="理由，记入变更表。Why; it is kept.")]


@app.command("init")
def init_command(folder: Annotated[Path, typer.Argument(help="新文件夹。A new folder.")]) -> None:
    """复制随附目录，供本区修改。Copy the shipped catalogue to a folder of one's own."""
    make_folder(folder)
    typer.echo(f"已建立 made: {folder}；各服务用 services read it by: {FOLDER}={folder}")


@app.command("status")
def status_command(
    *,
    catalogue: Annotated[
        Path | None, typer.Option("--catalogue", envvar=FOLDER, help="目录文件夹。The folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """各版本的状态和生效日期。Every version, its status and the day it takes effect."""
    folder = catalogue or Path(str(DATA))
    found = standings(folder, today())
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], default=str))
        return
    table = Table("版本 version", "状态 status", "生效 from", "事项 items", box=None)
    for one in found:
        day = str(one.effective_from) if one.effective_from else "–"
        table.add_row(one.version, STATUS[one.status], day, str(one.items))
    Console(highlight=False).print(table)


@app.command("draft")
def draft_command(*, version: Version, catalogue: Folder) -> None:
    """以最新版为基础起草。A draft of the version that follows the newest."""
    if (catalogue / f"catalogue-{version}.json").exists():
        raise exists_already(version)
    newest = releases(catalogue)[-1]
    keep(catalogue, new_draft(load_release(newest, catalogue).listed, version))


@app.command("split")
def split_command(
    *,
    version: Version,
    item: Item,
    into: Annotated[list[str], typer.Option(help="代码=名称:主办，每个新事项一次。CODE=NAME:LEAD")],
    reason: Reason,
    catalogue: Folder,
) -> None:
    """拆分一个事项。Divide an item; each part has a new code."""
    parts = [new_item_of(one) for one in into]
    keep(catalogue, split(read_draft(catalogue, version), item, parts, reason))


@app.command("merge")
def merge_command(
    *,
    version: Version,
    items: Annotated[list[str], typer.Argument(help="要合并的事项。The items to put together.")],
    into: Annotated[str, typer.Option(help="已有代码，或 代码=名称:主办。CODE or CODE=NAME:LEAD")],
    reason: Reason,
    catalogue: Folder,
) -> None:
    """合并事项。Put items together."""
    target = new_item_of(into) if "=" in into else NewItem(into, "", "")
    keep(catalogue, merge(read_draft(catalogue, version), items, target, reason))


@app.command("move")
def move_command(
    *,
    version: Version,
    item: Item,
    to: Annotated[str, typer.Option(help="新的主办单位。The department that leads from now on.")],
    reason: Reason,
    catalogue: Folder,
) -> None:
    """把事项划给另一单位。Give an item to another department; its code stays."""
    keep(catalogue, move(read_draft(catalogue, version), item, to, reason))


@app.command("retire")
def retire_command(
    *,
    version: Version,
    item: Item,
    reason: Reason,
    catalogue: Folder,
    successor: Annotated[
        list[str] | None, typer.Option(help="承接的事项。Where its appeals go.")
    ] = None,
) -> None:
    """废止一个事项。End an item."""
    keep(catalogue, retire(read_draft(catalogue, version), item, successor or [], reason))


@app.command("consult")
def consult_command(
    *,
    version: Version,
    heard_units: Annotated[
        list[str], typer.Option("--heard", help="已征求意见的单位。A department that was heard.")
    ],
    catalogue: Folder,
) -> None:
    """记下已征求意见的单位；涉及的都要征求。Note who was heard; all affected must be."""
    keep(catalogue, heard(read_draft(catalogue, version), heard_units))


@app.command("diff")
def diff_command(*, version: Version, catalogue: Folder, as_json: AsJson = False) -> None:
    """草案与其所依版本的差别，和尚存的问题。What a draft changes, and what it still lacks."""
    tell(read_draft(catalogue, version), (), as_json=as_json)


@app.command("publish")
def publish_command(
    *,
    version: Version,
    effective_from: Annotated[str, typer.Option(help="生效日期 YYYY-MM-DD。From this day on.")],
    catalogue: Folder,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="只列出会变的事项和在办诉求。Only what would move."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """发布，届时生效；发布后不再修改。Publish: it takes effect on that day and is never edited."""
    draft = read_draft(catalogue, version)
    day = day_of(effective_from)
    if dry_run:
        appeals = asyncio.run(open_appeals(servers_here(), draft))
        tell(draft, appeals, as_json=as_json)
        return
    release = publish(catalogue, draft, day, today())
    typer.echo(f"已发布 published: {release.version}，自 from {release.effective_from} 生效")


@app.command("proposals")
def proposals_command(*, as_json: AsJson = False) -> None:
    """裁定中提出的目录修订建议。Changes that rulings have proposed."""
    found: list[Proposal] = asyncio.run(proposals(servers_here()))
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
    else:
        show_proposals(Console(highlight=False), found)


def new_item_of(text: str) -> NewItem:
    code, _, rest = text.partition("=")
    name, _, lead = rest.rpartition(":")
    if not (code and name and lead):
        raise no_item(text)
    return NewItem(code, name, lead)


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise no_day() from None


def no_day() -> CommandError:
    return CommandError("日期要写成 YYYY-MM-DD。", "Write the day as YYYY-MM-DD.", code=USAGE)


def no_item(text: str) -> CommandError:
    return CommandError(
        f"“{text}”应写成 代码=名称:主办单位，例如 TAL-18=高校毕业生招聘:rlj。",
        f"Write {text!r} as CODE=NAME:LEAD, such as TAL-18=高校毕业生招聘:rlj.",
        code=USAGE,
    )


def exists_already(version: str) -> CommandError:
    return CommandError(
        f"{version} 已存在；直接修改它，或换一个版本号。",
        f"{version} is there already: edit it, or choose another number.",
        code=USAGE,
    )
