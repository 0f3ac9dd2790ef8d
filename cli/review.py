"""`appeals review`: what the model doubts, and what a person makes of it."""

import json
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.asking import Asker, asker
from cli.keys import HOTLINE_CENTRE
from cli.options import AsJson
from cli.outcome import USAGE, CommandError
from libs.calendar.days import SHANGHAI
from libs.catalogue.catalogue import Catalogue
from libs.catalogue.load import load_catalogue
from libs.common.ids import random_id

app = typer.Typer(
    help="人工定类：查看、确认、更正。Reviews: list, confirm, correct.", no_args_is_help=True
)
REASONS: Final = {
    "low_confidence": "把握不足 low confidence",
    "none_of_these": "不属于任何事项 none of the items",
    "nothing_to_read": "没有可读内容 nothing to read",
    "owner_not_found": "找不到责任单位 no owner",
    "returned": "退单获准 returned",
    "item_split": "事项已拆分 item split",
    "never_classified": "此前未分类 never classified",
}
GROUNDS: Final = {
    "same_enterprise": "同一企业\nsame firm",
    "same_place_and_item": "同地同事项\nsame place",
}
SHOWN_CHARACTERS: Final = 60

Appeal = Annotated[str, typer.Argument(help="诉求编号。The appeal's id.")]
By = Annotated[str, typer.Option("--by", help="经办人编号。Who decides, as a person's id.")]


@app.command("list")
def list_command(
    *,
    reason: Annotated[str | None, typer.Option(help="原因。Only this reason.")] = None,
    item: Annotated[str | None, typer.Option(help="事项或类别。An item or a category.")] = None,
    waiting_hours: Annotated[
        int | None, typer.Option(help="至少等了几小时。Waiting at least so long.")
    ] = None,
    limit: Annotated[int, typer.Option(help="最多几件。At most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """待定类的诉求，最早受理的在前。What waits, the oldest acceptance first."""
    wanted = {"reason": reason, "item": item, "waiting_hours": waiting_hours, "limit": limit}
    body = queue(dispatcher(), **wanted)
    if as_json:
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        show(Console(highlight=False), body, load_catalogue())


@app.command("confirm")
def confirm_command(
    *,
    appeal: Appeal,
    by: By,
    item: Annotated[
        str | None, typer.Argument(help="事项；不写则为模型建议的。The item, else the proposal.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """确认模型建议的事项。Confirm the proposed item."""
    asking = dispatcher()
    row = review_of(asking, appeal)
    chosen = item or row["proposed"]
    if chosen is None:
        raise no_proposal()
    act(asking, row, {"action": "confirm-classification", "item": chosen}, by, as_json=as_json)


@app.command("correct")
def correct_command(
    *,
    appeal: Appeal,
    item: Annotated[str, typer.Argument(help="正确的事项。The right item.")],
    reason: Annotated[str, typer.Option(help="理由，不含个人信息。Why; no personal data.")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """改为另一事项，并写明理由。Name another item, and why."""
    asking = dispatcher()
    row = review_of(asking, appeal)
    asked = {"action": "correct-classification", "item": item, "reason": reason}
    act(asking, row, asked, by, as_json=as_json)


@app.command("duplicates")
def duplicates_command(
    *,
    limit: Annotated[int, typer.Option(help="最多几对。At most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """疑似重复的诉求，供并单参考。Appeals of perhaps the same matter; nothing merges by itself."""
    body = dispatcher().ask("GET", f"/v1/duplicates?limit={limit}")
    if as_json:
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        show_duplicates(Console(highlight=False), body["duplicates"])


def dispatcher() -> Asker:
    return asker("classifier", "dispatcher", HOTLINE_CENTRE)


def queue(asking: Asker, **wanted: object) -> dict[str, Any]:
    given = {name: value for name, value in wanted.items() if value is not None}
    return asking.ask("GET", f"/v1/reviews?{urlencode(given)}")


def review_of(asking: Asker, appeal: str) -> dict[str, Any]:
    """Raises CommandError for what is no id, or does not wait."""
    try:
        wanted = UUID(appeal)
    except ValueError:
        raise not_waiting() from None
    rows: list[dict[str, Any]] = queue(asking, appeal_id=wanted)["reviews"]
    if not rows:
        raise not_waiting()
    return rows[0]


def act(
    asking: Asker, row: dict[str, Any], asked: dict[str, str], by: str, *, as_json: bool
) -> None:
    """With the version that was read, so that a decision made meanwhile is not overruled."""
    body = {
        **asked,
        "command_id": str(random_id()),
        "appeal_id": row["appeal_id"],
        "expected_version": row["version"],
        "actor": {"kind": "seat", "id": by, "unit": asking.unit},
    }
    answer = asking.ask("POST", "/v1/review-actions", body)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        typer.echo(f"已定类 classified: {row['appeal_id']} → {asked['item']}")


def show(console: Console, body: dict[str, Any], catalogue: Catalogue) -> None:
    for reason, facts in body["reasons"].items():
        console.print(
            f"{facts['waiting']:>5}  {REASONS[reason]}，最早 since {local(facts['oldest'])}"
        )
    if not body["reviews"]:
        console.print("没有待定类的诉求。Nothing waits.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("受理 accepted", no_wrap=True)
    table.add_column("原因 reason")
    table.add_column("建议 proposals", no_wrap=True)
    table.add_column("诉求 appeal", overflow="fold")
    for row in body["reviews"]:
        words = Text(row["title"][:SHOWN_CHARACTERS] or "–")
        words.append(f"\n{row['appeal_id']}", style="dim")
        proposals = Text("\n".join(proposals_of(row, catalogue)) or "–")
        table.add_row(local(row["accepted_at"]), REASONS[row["reason"]], proposals, words)
    console.print(table)
    if body["next"]:
        console.print("还有更多，可加 --limit。More wait: raise --limit.")


def show_duplicates(console: Console, pairs: list[dict[str, Any]]) -> None:
    if not pairs:
        console.print("没有疑似重复。No likely repeats.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("相似 alike", justify="right", no_wrap=True)
    table.add_column("依据 ground", no_wrap=True)
    table.add_column("诉求（后、前）appeals, later and earlier", overflow="fold")
    for pair in pairs:
        words = Text(f"{local(pair['accepted_at'])} {pair['title'][:SHOWN_CHARACTERS]}")
        words.append(f"\n{pair['appeal_id']}", style="dim")
        words.append(f"\n{local(pair['other_accepted_at'])} ")
        words.append(pair["other_title"][:SHOWN_CHARACTERS])
        words.append(f"\n{pair['other']}", style="dim")
        table.add_row(f"{pair['similarity'] / 100:.0f}%", GROUNDS[pair["ground"]], words)
    console.print(table)


def proposals_of(row: dict[str, Any], catalogue: Catalogue) -> list[str]:
    """The model's candidates with their names and probabilities, and a second matter."""
    judgement = row["judgement"]
    if judgement is None:
        return []
    names = {item.code: item.name_zh for item in catalogue.items}
    lines = [
        f"{one['item']} {names.get(one['item'], '')} {one['confidence'] / 100:.0f}%"
        for one in judgement["candidates"]
    ]
    if second := judgement.get("second_matter"):
        lines.append(f"另有 also {second['item']} {names.get(second['item'], '')}")
    return lines


def local(time: str) -> str:
    return datetime.fromisoformat(time).astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def not_waiting() -> CommandError:
    return CommandError(
        "人工定类队列中没有这件诉求；用 appeals review list 查看编号。",
        "No such appeal waits for review; `appeals review list` shows the ids.",
        code=USAGE,
    )


def no_proposal() -> CommandError:
    return CommandError(
        "模型没有建议事项，请写明事项代码。",
        "The model proposed nothing; name the item.",
        code=USAGE,
    )
