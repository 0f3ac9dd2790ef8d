import json
from pathlib import Path

from typer.testing import CliRunner

from cli.classifier import app
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import Example
from services.classifier.adapters.evaluation import answers_of, by_item
from services.classifier.adapters.model import Model
from services.classifier.adapters.model_file import save_model
from tests.unit.classifier.material import examples

FIGURES = {
    "n",
    "n_items",
    "item_top1",
    "item_top3",
    "category_top1",
    "ece",
    "auto_precision",
    "auto_coverage",
    "none_recall",
    "none_false_alarms",
    "urgency_precision",
    "urgency_recall",
    "texts_per_second",
}


def lines(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "texts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_evaluate_prints_every_figure_as_json(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "model")
    file = lines(
        tmp_path,
        {"text": "厂里突然停电", "label": "PUB-02", "urgency": "normal"},
        {"text": "银行贷款利率太高", "label": "PUB-10"},
        {"text": "各位领导新年快乐", "label": "NONE"},
    )
    code, out, _ = run("evaluate", file, "--json", "--model", tmp_path / "model")
    figures = json.loads(out)
    assert code == 0
    assert set(figures) == FIGURES
    assert (figures["n"], figures["n_items"], figures["item_top1"]) == (3, 2, 0.5)
    assert figures["category_top1"] == 0.5
    assert figures["urgency_recall"] is None


def test_evaluate_shows_a_table_with_confusions(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "model")
    file = lines(tmp_path, {"text": "银行贷款利率太高", "label": "PUB-10"})
    code, out, _ = run("evaluate", file, "--model", tmp_path / "model")
    assert code == 0
    assert "item_top1" in out
    assert "PUB-10" in out


def test_each_label_is_told_with_what_was_found_and_what_was_right(classifier: Classifier) -> None:
    texts = [("厂里突然停电", "PUB-02"), ("园区突然停电", "PUB-10"), ("新年快乐", "NONE")]
    answers = answers_of(classifier, [Example(text, label) for text, label in texts])
    assert by_item(answers) == [("PUB-02", 1, 1.0, 0.5), ("PUB-10", 1, 0.0, None)]


def test_a_bad_line_ends_with_usage_and_its_number(model: Model, tmp_path: Path) -> None:
    save_model(model, tmp_path / "model")
    file = lines(tmp_path, {"text": "厂里突然停电", "label": "PUB-02"}, {"text": "无标签"})
    code, _, err = run("evaluate", file, "--model", tmp_path / "model")
    assert code == 2
    assert "line 2" in err
    assert "第 2 行" in err


def test_a_missing_file_and_a_missing_model_end_with_usage(tmp_path: Path) -> None:
    file = lines(tmp_path, {"text": "厂里突然停电", "label": "PUB-02"})
    assert run("evaluate", tmp_path / "none.jsonl", "--model", tmp_path)[0] == 2
    code, _, err = run("evaluate", file, "--model", tmp_path / "none")
    assert code == 2
    assert "appeals classifier train" in err


def test_a_district_trains_on_its_own_file_and_gets_the_macro_f1(tmp_path: Path) -> None:
    rows = [{"text": example.text, "label": f"类{example.label}"} for example in examples()]
    file = lines(tmp_path, *rows)
    code, out, _ = run("train", "--data", file, "--out", tmp_path / "model", "--json")
    card = json.loads(out)
    assert code == 0
    assert card["metrics"]["macro_f1"] > 0.8
    assert (tmp_path / "model" / "model.skops").exists()


def test_a_catalogue_of_another_shape_is_refused(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.json"
    catalogue.write_text("{}", encoding="utf-8")
    code, _, err = run("train", "--catalogue", catalogue, "--out", tmp_path)
    assert code == 2
    assert "no valid catalogue" in err
