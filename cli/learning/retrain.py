"""`appeals classifier retrain`: a candidate from texts and labels, measured, stored, proposed."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer
from rich.console import Console
from rich.table import Table

from cli.learning.comparing import (
    Change,
    Measured,
    changes_between,
    counted,
    figures_told,
    held_out_sets,
    measured,
    write_changes,
)
from cli.learning.labels import examples_of, labels_of
from cli.learning.past import past_appeals
from cli.learning.proposing import PROPOSAL, propose
from cli.options import AsJson
from cli.outcome import CommandError
from cli.reach import servers_here
from libs.common.contracts.governance import ShadowCount
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import Example, read_all
from services.classifier.adapters.material import DATA, shipped_examples, shipped_topics
from services.classifier.adapters.model_file import load_model, read_card, save_model
from services.classifier.adapters.training import train

HELD_OUT: Final = DATA / "heldout"
CANDIDATES: Final = Path(".local") / "candidates"
MODEL_IN_USE: Final = Path(".local") / "model"
CHANGES: Final = "changes.csv"
SHOWN_CHANGES: Final = 15
Files: TypeAlias = list[Path] | None


@dataclass(frozen=True, slots=True)
class Retrained:
    """What the candidate is, what it learned from, and how it compares."""

    folder: Path
    card: dict[str, Any]
    compared_with: str
    labels: int
    unusable: int
    sets: Sequence[Measured]
    shadow: ShadowCount | None
    changes: Sequence[Change]


def retrain_command(  # noqa: PLR0913 - one a switch
    *,
    labels: Annotated[
        Files, typer.Option(help="标注文件；不写则取数据库。Label files, else the database.")
    ] = None,
    data: Annotated[Files, typer.Option(help="训练文件；不写则随附。Training files.")] = None,
    held_out: Annotated[Files, typer.Option(help="保留集；不写则随附。Held-out sets.")] = None,
    model: Annotated[
        Path, typer.Option(help="现用模型的目录。The folder of the model in use.")
    ] = MODEL_IN_USE,
    out: Annotated[Path, typer.Option(help="候选模型存放处。Where candidates go.")] = CANDIDATES,
    past: Annotated[
        int, typer.Option(min=0, help="回看多少件历史诉求。Past appeals to look at; 0 for none.")
    ] = 20_000,
    by: Annotated[
        str | None, typer.Option("--propose-by", help="并由此人提出候选。And propose it, as.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """训练候选模型，与现用模型比较；启用须另一人批准。A candidate, compared; another approves."""
    examples = read_all(data) if data else shipped_examples()
    learned = read_all(labels) if labels else examples_from_database()
    found = retrained((examples, learned), (model, out), held_out, past)
    if by is not None:
        propose(found.folder, by)
    if as_json:
        typer.echo(json.dumps(as_document(found), ensure_ascii=False, default=str))
    else:
        show(Console(highlight=False), found, proposed=by is not None)


def examples_from_database() -> list[Example]:
    return examples_of(asyncio.run(labels_of(servers_here())))


def retrained(
    material: tuple[list[Example], list[Example]],
    places: tuple[Path, Path],
    held_out: Files,
    past: int,
) -> Retrained:
    """Raises CommandError where nothing new is to be learned."""
    topics = shipped_topics()
    before = Classifier(load_model(places[0]))
    own, learned = material
    usable = [example for example in learned if example.label in topics.items]
    if not usable:
        raise nothing_to_learn(len(learned))
    candidate = train([*own, *usable], topics)
    after = Classifier(candidate)
    folder = places[1] / candidate.version
    save_model(candidate, folder)
    sets = measured(before, after, held_out_sets(held_out or HELD_OUT.glob("*.jsonl")))
    appeals = asyncio.run(past_appeals(servers_here().kafka, past)) if past else []
    changes = changes_between(before, after, appeals)
    shadow = counted(len(appeals), changes) if past else None
    counts = (len(usable), len(learned) - len(usable))
    found = Retrained(
        folder, read_card(folder), before.model.version, *counts, sets, shadow, changes
    )
    write_changes(folder / CHANGES, changes)
    write_proposal(found)
    return found


def write_proposal(found: Retrained) -> None:
    """What `propose` sends, so that proposing needs no second measurement."""
    document = {
        "version": found.card["version"],
        "inputs_sha256": found.card["inputs_sha256"],
        "catalogue_version": found.card["catalogue_version"],
        "labels": found.labels,
        "figures": [figure.model_dump() for figure in figures_told(found.sets)],
        "compared_with": found.compared_with,
        "shadow": None if found.shadow is None else found.shadow.model_dump(),
    }
    (found.folder / PROPOSAL).write_text(json.dumps(document, indent=1), encoding="utf-8")


def as_document(found: Retrained) -> dict[str, Any]:
    return {
        "version": found.card["version"],
        "sha256": found.card["sha256"],
        "folder": str(found.folder),
        "compared_with": found.compared_with,
        "labels": found.labels,
        "unusable_labels": found.unusable,
        "sets": [asdict(one) for one in found.sets],
        "shadow": None if found.shadow is None else found.shadow.model_dump(),
        "changes": [asdict(change) for change in found.changes],
    }


def show(console: Console, found: Retrained, *, proposed: bool) -> None:
    console.print(f"候选 candidate {found.card['version']}  sha256 {found.card['sha256'][:16]}…")
    unusable = f"，不可用 unusable {found.unusable}" if found.unusable else ""
    console.print(f"标注 labels {found.labels}{unusable}；对照 beside {found.compared_with}")
    console.print(table_of(found.sets))
    if found.shadow is not None:
        shadow = found.shadow
        console.print(
            f"历史诉求 past appeals {shadow.appeals}：改判 other item {shadow.other_item}，"
            f"新自动 newly automatic {shadow.newly_automatic}，"
            f"新转人工 newly doubtful {shadow.newly_doubtful}"
        )
    for one in found.changes[:SHOWN_CHANGES]:
        console.print(
            f"  {one.appeal_id}  {standing(one.item_before, one.automatic_before)} → "
            f"{standing(one.item_after, one.automatic_after)}"
        )
    console.print(f"全部 all: {found.folder / CHANGES}")
    if not proposed:
        console.print(f"提出 propose: appeals classifier propose {found.folder} --by 本人编号")


def table_of(sets: Sequence[Measured]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("保留集 set")
    for words in ("item\ntop1", "auto\nprecision", "auto\ncoverage", "\nece"):
        table.add_column(words, justify="right", no_wrap=True)
    for one in sets:
        figures = ("item_top1", "auto_precision", "auto_coverage", "ece")
        table.add_row(one.name, *(shown(one, figure) for figure in figures))
    return table


def shown(one: Measured, figure: str) -> str:
    """The candidate's figure, and how far it is from that of the model in use."""
    before, after = one.before[figure], one.after[figure]
    if before is None or after is None:
        return "–"
    return f"{after:.3f} {after - before:+.3f}"


def standing(item: str, automatic: bool) -> str:  # noqa: FBT001 - one of two words
    return f"{item} {'自动 auto' if automatic else '人工 person'}"


def nothing_to_learn(labels: int) -> CommandError:
    return CommandError(
        f"没有可用的标注（共 {labels} 条，均不在现行目录中或为空），无需重新训练。",
        f"No label can be used ({labels} found, none of an item in force); nothing to learn.",
    )
