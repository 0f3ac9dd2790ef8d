"""`appeals classifier labels`: what people decided, as texts to learn from; masked, with source."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import asyncpg
import typer
from rich.console import Console
from rich.table import Table

from cli.options import AsJson
from cli.reach import Reach, servers_here
from services.classifier.adapters.corpus import Example
from services.classifier.domain.reading import whole_text
from services.classifier.read_model.labels import Label, LabelSource, read_labels

SESSION: Final = {"search_path": "classifier", "application_name": "appeals-labels"}
MOST_SHOWN: Final = 20
Out: TypeAlias = Annotated[
    Path | None, typer.Option(help="写入 JSONL 文件，可再用作 --data。Write them as JSONL.")
]
Source: TypeAlias = Annotated[
    LabelSource | None, typer.Option(help="只要这一来源。Only of this source.")
]


def labels_command(*, source: Source = None, out: Out = None, as_json: AsJson = False) -> None:
    """人工定类、更正和裁定形成的标注。Labels from confirmations, corrections and rulings."""
    found = asyncio.run(labels_of(servers_here(), source))
    if out is not None:
        out.write_text("".join(line_of(label) for label in found), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps({"labels": len(found), "by_source": by_source(found)}))
    else:
        show(Console(highlight=False), found, out)


async def labels_of(reach: Reach, source: LabelSource | None = None) -> list[Label]:
    """The latest of each appeal; raises what the database raises."""
    connection = await asyncpg.connect(reach.dsn, server_settings=SESSION, timeout=10)
    try:
        async with connection.transaction(readonly=True):
            return [label async for label in read_labels(connection, source)]
    finally:
        await connection.close()


def examples_of(labels: Iterable[Label]) -> list[Example]:
    """Urgency is left out: it says how the producer sent it, not what a person found."""
    return [Example(whole_text(label.title, label.text), label.item) for label in labels]


def by_source(labels: Sequence[Label]) -> dict[str, int]:
    return dict(Counter(label.source for label in labels))


def line_of(label: Label) -> str:
    row: dict[str, Any] = {
        "text": whole_text(label.title, label.text),
        "label": label.item,
        "source": label.source,
        "proposed": label.proposed,
        "by_unit": label.by_unit,
        "model_version": label.model_version,
        "decided_at": label.decided_at.isoformat(),
        "appeal_id": str(label.appeal_id),
    }
    return json.dumps(row, ensure_ascii=False) + "\n"


def show(console: Console, labels: Sequence[Label], out: Path | None) -> None:
    counts = "，".join(f"{source} {count}" for source, count in by_source(labels).items())
    console.print(f"标注 labels: {len(labels)}  {counts}")
    wrong = Counter(
        (label.proposed, label.item) for label in labels if label.proposed not in {None, label.item}
    )
    if wrong:
        table = Table("模型建议 proposed", "人工认定 named", "次数 times", box=None)
        for (proposed, item), times in wrong.most_common(MOST_SHOWN):
            table.add_row(str(proposed), item, str(times))
        console.print(table)
    if out is not None:
        console.print(f"已写入 written: {out}")
