"""Labelled texts from JSONL or CSV files."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

TEXT_COLUMNS: Final = ("text", "诉求内容", "内容", "文本")
LABEL_COLUMNS: Final = ("label", "item", "事项", "标签", "类别")
URGENCIES: Final = {"": None, "urgent": True, "normal": False}


class CorpusError(Exception):
    """A file that can not be read as labelled texts; says where and what to do, never the text."""

    def __init__(self, path: Path, line: int, chinese: str, english: str) -> None:
        super().__init__(
            f"{path.name} 第 {line} 行：{chinese}。 / {path.name}, line {line}: {english}."
        )
        self.line = line


@dataclass(frozen=True, slots=True)
class Example:
    """`is_sample` is false for texts that only spread words: confidence is not fitted on them."""

    text: str
    label: str
    is_urgent: bool | None = None
    is_sample: bool = True


def read_examples(path: Path) -> list[Example]:
    """Raises CorpusError for the first line that is not `text` and `label`."""
    rows = csv_rows(path) if path.suffix.lower() == ".csv" else json_rows(path)
    examples = [example_of(path, line, row) for line, row in rows]
    if not examples:
        raise CorpusError(
            path, 1, "文件中没有任何文本，请检查文件", "no text in the file; check it"
        )
    return examples


def read_folder(folder: Path) -> list[Example]:
    return read_all(sorted(folder.glob("*.jsonl")))


def read_all(paths: Iterable[Path]) -> list[Example]:
    return [example for path in paths for example in read_examples(path)]


def decoded(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise CorpusError(
            path, line, "不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8; save the file as UTF-8"
        ) from None


def json_rows(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    for line, content in enumerate(decoded(path).split("\n"), start=1):
        if not content.strip():
            continue
        try:
            row: object = json.loads(content)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise CorpusError(
                path,
                line,
                "不是一个 JSON 对象，每行应为一个对象",
                "no JSON object; write one a line",
            )
        yield line, cast("Mapping[str, object]", row)


def csv_rows(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    reader = csv.DictReader(decoded(path).splitlines())
    names = reader.fieldnames or []
    text = next((name for name in TEXT_COLUMNS if name in names), None)
    label = next((name for name in LABEL_COLUMNS if name in names), None)
    if text is None or label is None:
        raise CorpusError(
            path, 1, "缺少 text 或 label 列，请加上表头", "no column text or label; add the header"
        )
    for row in reader:
        yield reader.line_num, {**row, "text": row[text], "label": row[label]}


def example_of(path: Path, line: int, row: Mapping[str, object]) -> Example:
    text, label, urgency = row.get("text"), row.get("label"), row.get("urgency") or ""
    if not isinstance(text, str) or not isinstance(label, str) or not label.strip():
        raise CorpusError(
            path,
            line,
            "缺少 text 或 label，请补上文字",
            "text or label is missing; give both as text",
        )
    if not isinstance(urgency, str) or urgency not in URGENCIES:
        raise CorpusError(
            path, line, "urgency 只能是 urgent 或 normal", "urgency must be urgent or normal"
        )
    return Example(
        text=text,
        label=label.strip(),
        is_urgent=URGENCIES[urgency],
        is_sample=row.get("sample") is not False,
    )
