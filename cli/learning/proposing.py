"""`appeals classifier propose|activate|rollback|models`: who lets which model judge."""

import json
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer
from rich.console import Console
from rich.table import Table

from cli.asking import Asker, asker
from cli.options import AsJson
from cli.outcome import USAGE, CommandError
from libs.catalogue.org import SUPERVISION_OFFICE
from libs.common.contracts.governance import ModelActivated, ModelProposed
from libs.common.ids import random_id
from services.classifier.adapters.model_file import MODEL_NAME

PROPOSAL: Final = "proposal.json"
By: TypeAlias = Annotated[str, typer.Option("--by", help="本人编号。Who does it.")]
Version: TypeAlias = Annotated[str, typer.Argument(help="模型版本。The model's version.")]


def propose_command(
    *,
    folder: Annotated[Path, typer.Argument(help="retrain 写出的目录。What retrain wrote.")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """提出候选模型。Propose a candidate; another person approves."""
    tell(propose(folder, by), "已提出，须另一人启用 proposed; another person activates", as_json)


def activate_command(*, version: Version, by: By, as_json: AsJson = False) -> None:
    """启用候选模型，提出人以外的人才可。Let it judge; not by whoever proposed it."""
    tell(activate(supervisor(), version, by), f"已启用 activated {version}", as_json)


def rollback_command(
    *,
    by: By,
    version: Annotated[
        str | None, typer.Argument(help="退回的版本；不写则上一个。Else the one before.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """退回此前用过的模型。Go back to a model that was in use before."""
    asking = supervisor()
    wanted = version or version_before(asking.ask("GET", "/v1/models"))
    tell(activate(asking, wanted, by), f"已退回 rolled back to {wanted}", as_json)


def models_command(*, as_json: AsJson = False) -> None:
    """现用模型，以及提出和启用的记录。The model in use, proposals and activations."""
    body = supervisor().ask("GET", "/v1/models")
    if as_json:
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        show(Console(highlight=False), body)


def supervisor() -> Asker:
    return asker("classifier", "supervisor", SUPERVISION_OFFICE)


def propose(folder: Path, by: str) -> dict[str, Any]:
    """Sends the bytes, then what was measured on them."""
    try:
        content = (folder / MODEL_NAME).read_bytes()
        document = json.loads((folder / PROPOSAL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise no_candidate(folder) from None
    asking = supervisor()
    asking.ask("PUT", f"/v1/models/{document['version']}", content)
    return asking.ask("POST", "/v1/model-proposals", {**document, **signed(asking, by)})


def activate(asking: Asker, version: str, by: str) -> dict[str, Any]:
    body = {"version": version, **signed(asking, by)}
    return asking.ask("POST", "/v1/model-activations", body)


def signed(asking: Asker, by: str) -> dict[str, Any]:
    actor = {"kind": "supervisor", "id": by, "unit": asking.unit}
    return {"command_id": str(random_id()), "actor": actor}


def version_before(body: dict[str, Any]) -> str:
    """What the activation in force replaced. Raises CommandError before the first."""
    activations = [one for one in body["history"] if one["type"] == ModelActivated.TYPE]
    if not activations or activations[-1]["replaces"] is None:
        raise nothing_before()
    replaced: str = activations[-1]["replaces"]
    return replaced


def tell(answer: dict[str, Any], words: str, as_json: bool) -> None:  # noqa: FBT001 - a switch
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else words)


def show(console: Console, body: dict[str, Any]) -> None:
    for name, words in (("in_use", "现用 in use"), ("built_in", "安装时训练 built at install")):
        console.print(f"{words}: {body[name]['version']}  sha256 {body[name]['sha256'][:16]}…")
    if not body["history"]:
        return
    table = Table("版本 version", "何事 what", "提出 proposed by", "说明 note", box=None)
    for one in body["history"]:
        table.add_row(one["version"], *row_of(one))
    console.print(table)


def row_of(one: dict[str, Any]) -> tuple[str, str, str]:
    if one["type"] == ModelProposed.TYPE:
        note = f"标注 labels {one['labels']}，对照 beside {one['compared_with']}"
        return "提出 proposed", one["proposed_by"], note
    what = "退回 rollback" if one["is_rollback"] else "启用 activated"
    return what, one["proposed_by"], f"替换 replaces {one['replaces'] or '–'}"


def no_candidate(folder: Path) -> CommandError:
    return CommandError(
        f"{folder.name} 中没有候选模型，请先运行 appeals classifier retrain。",
        f"There is no candidate in {folder.name}; run `appeals classifier retrain` first.",
        code=USAGE,
    )


def nothing_before() -> CommandError:
    return CommandError(
        "没有可退回的模型：尚未启用过候选。",
        "There is nothing to go back to: no candidate has been activated yet.",
    )
