"""What a draft is, what it changes and what it still lacks, on the terminal."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.table import Table

from cli.catalogue_effects import moved_leads
from libs.catalogue.drafting import Draft
from libs.catalogue.files import write_draft

STATUS: Final = {
    "draft": "草案 draft",
    "consulted": "已征求意见 consulted",
    "coming": "待生效 coming",
    "effective": "生效 effective",
    "retired": "已废止 retired",
}


def keep(folder: Path, draft: Draft) -> None:
    write_draft(folder, draft)
    typer.echo(f"{draft.listed.version}: {STATUS[draft.listed.status]}")
    for problem in draft.problems:
        typer.echo(f"  ! {problem}")
    if draft.changes.changes and draft.unheard:
        typer.echo(f"  待征求意见 to be heard: {', '.join(draft.unheard)}")


def tell(draft: Draft, appeals: Sequence[tuple[str, int]], *, as_json: bool) -> None:
    rows = moved_leads(draft)
    if as_json:
        body = {"changes": rows, "problems": draft.problems, "unheard": draft.unheard}
        typer.echo(json.dumps({**body, "open_appeals": dict(appeals)}, ensure_ascii=False))
        return
    counts = dict(appeals)
    table = Table("事项 item", "变更 change", "承接 to", "主办 lead", "在办 open", box=None)
    for row in rows:
        leads = f"{row['lead_before'] or '–'} → {row['lead_after'] or '–'}"
        open_now = str(counts.get(row["item"], "–" if not appeals else 0))
        table.add_row(row["item"], row["kind"], row["successors"] or "–", leads, open_now)
    Console(highlight=False).print(table)
    keep_words = [*draft.problems, *(f"待征求意见 to be heard: {unit}" for unit in draft.unheard)]
    for words in keep_words:
        typer.echo(f"  ! {words}")
