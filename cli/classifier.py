"""`appeals classifier`: build the model, and measure one."""

import json
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from cli.learning.labels import labels_command
from cli.learning.proposing import (
    activate_command,
    models_command,
    propose_command,
    rollback_command,
)
from cli.learning.retrain import retrain_command
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import CorpusError, Example, read_all, read_examples
from services.classifier.adapters.evaluation import (
    Answers,
    answers_of,
    by_item,
    confusions,
    figures_of,
    reliability,
)
from services.classifier.adapters.material import (
    built_model,
    shipped_examples,
    shipped_topics,
)
from services.classifier.adapters.model import Model
from services.classifier.adapters.model_file import (
    MODEL_NAME,
    ModelFileError,
    load_model,
    read_card,
)
from services.classifier.adapters.topics import (
    CatalogueFileError,
    Topics,
    read_topics,
    topics_of_labels,
)
from services.classifier.adapters.training import UnknownLabelError

USAGE: Final = 2
DEFAULT_FOLDER: Final = Path(".local") / "classifier"
MOST_CONFUSIONS: Final = 15

app = typer.Typer(
    help="训练与评测分类模型。Train and evaluate the classifier.", no_args_is_help=True
)

app.command("labels")(labels_command)
app.command("retrain")(retrain_command)
app.command("propose")(propose_command)
app.command("activate")(activate_command)
app.command("rollback")(rollback_command)
app.command("models")(models_command)

AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出。Print JSON.")]
Folder = Annotated[Path, typer.Option("--out", "--model", help="模型目录。The model's folder.")]
Data = Annotated[
    list[Path] | None,
    typer.Option(help="训练文件，JSONL 或 CSV，可多次给出。Training files, JSONL or CSV."),
]
CataloguePath = Annotated[
    Path | None, typer.Option(help="事项目录 JSON。A catalogue of your own.", exists=True)
]


@app.command("train")
def train_command(
    data: Data = None,
    catalogue: CataloguePath = None,
    out: Folder = DEFAULT_FOLDER,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way to a flag
) -> None:
    """训练模型；输入未变则沿用已有模型。Build the model, or keep the one of the same inputs."""
    try:
        examples = read_all(data) if data else shipped_examples()
        topics = chosen_topics(data, catalogue, examples)
        built_model(out, examples, topics)
    except (CorpusError, UnknownLabelError, CatalogueFileError) as error:
        refuse(error)
    except OSError as error:
        refuse_file(error)
    card = read_card(out)
    if as_json:
        typer.echo(json.dumps({**card, "path": str(out / MODEL_NAME)}, ensure_ascii=False))
        return
    typer.echo(f"模型 / model {card['version']}: {out / MODEL_NAME}")
    for name, value in card["metrics"].items():
        typer.echo(f"  {name:<20} {value}")


@app.command("evaluate")
def evaluate_command(
    file: Annotated[Path, typer.Argument(help="JSONL 或 CSV：text、label。JSONL or CSV.")],
    model: Folder = DEFAULT_FOLDER,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way to a flag
) -> None:
    """评测：准确率、校准、自动派单。Measure accuracy, calibration and automatic dispatch."""
    try:
        examples = read_examples(file)
        answers = answers_of(Classifier(usable_model(model)), examples)
    except (CorpusError, ModelFileError) as error:
        refuse(error)
    except OSError as error:
        refuse_file(error)
    if as_json:
        typer.echo(json.dumps(figures_of(answers)))
    else:
        show(answers)


def usable_model(folder: Path) -> Model:
    """The model in the folder; the default folder is filled from the shipped texts."""
    if folder == DEFAULT_FOLDER and not (folder / MODEL_NAME).exists():
        return built_model(folder, shipped_examples(), shipped_topics())
    return load_model(folder)


def chosen_topics(
    data: list[Path] | None, catalogue: Path | None, examples: list[Example]
) -> Topics:
    """A training file of one's own needs no catalogue: then its labels are the items."""
    if catalogue is not None:
        return read_topics(catalogue)
    if data:
        labels = {example.label for example in examples}
        known = shipped_topics()
        return known if labels <= known.items else topics_of_labels(labels)
    return shipped_topics()


def refuse(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(USAGE) from None


def refuse_file(error: OSError) -> NoReturn:
    name = Path(str(error.filename)).name
    typer.echo(
        f"无法读取或写入文件 {name}，请检查路径和权限。 / "
        f"Cannot read or write {name}; check the path and permissions.",
        err=True,
    )
    raise typer.Exit(USAGE) from None


def show(answers: Answers) -> None:
    console = Console()
    figures = Table("指标 figure", "值 value", title="评测 evaluation")
    for name, value in figures_of(answers).items():
        figures.add_row(name, shown(value))
    console.print(figures)
    items = Table(
        "事项 item", "文本 texts", "找到 found", "答对 right of answers", title="逐项 by item"
    )
    for item, texts, found, right in by_item(answers):
        items.add_row(item, str(texts), shown(found), shown(right))
    console.print(items)
    wrong = Table("标签 label", "答成 answer", "次数 times", title="易混 confusions")
    for label, answer, times in confusions(answers, MOST_CONFUSIONS):
        wrong.add_row(label, answer, str(times))
    console.print(wrong)
    curve = Table("置信度 confidence", "文本 texts", "正确率 right", title="校准 calibration")
    for percent, texts, right in reliability(answers):
        curve.add_row(f"{percent}–{percent + 10}%", str(texts), shown(right))
    console.print(curve)


def shown(value: float | None) -> str:
    return "–" if value is None else str(value)
