from collections import Counter
from pathlib import Path

import pytest

from services.classifier.adapters.corpus import CorpusError, read_examples, read_folder
from services.classifier.adapters.material import DATA, shipped_examples, shipped_topics
from services.classifier.domain.ranking import NONE_LABEL

GOOD = '{"text": "路灯不亮", "label": "PUB-10", "urgency": "urgent"}\n'


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_jsonl_and_csv_give_the_same_examples(tmp_path: Path) -> None:
    lines = written(tmp_path, "a.jsonl", GOOD)
    table = written(tmp_path, "a.csv", "text,label,urgency\n路灯不亮,PUB-10,urgent\n")
    assert read_examples(lines) == read_examples(table)


def test_chinese_column_names_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "\ufeff诉求内容,事项\n路灯不亮,PUB-10\n")
    assert read_examples(path)[0].label == "PUB-10"


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{not json}", "no JSON object"),
        ("[1]", "no JSON object"),
        ('{"text": "秘密", "label": 5}', "text or label is missing"),
        ('{"text": "秘密", "label": "A", "urgency": "now"}', "urgency must be"),
        ("[" * 100_000, "no JSON object"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_not_repeated(
    tmp_path: Path, bad: str, says: str
) -> None:
    path = written(tmp_path, "a.jsonl", GOOD + "\n" + bad + "\n")
    with pytest.raises(CorpusError, match=f"line 3: .*{says}") as caught:
        read_examples(path)
    assert caught.value.line == 3
    assert "秘密" not in str(caught.value)


def test_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", GOOD.encode() + "路灯".encode("gbk"))
    with pytest.raises(CorpusError, match="line 2: not UTF-8"):
        read_examples(path)


def test_a_table_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no column text or label"):
        read_examples(written(tmp_path, "a.csv", "a,b\n1,2\n"))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no text in the file"):
        read_examples(written(tmp_path, "a.jsonl", "\n"))


def test_every_item_of_the_catalogue_has_texts_and_words_and_no_text_another_label() -> None:
    topics, found = shipped_topics(), {example.label for example in shipped_examples()}
    assert topics.items | {NONE_LABEL} == found
    assert all(len(topic.words) > 5 for topic in topics.topics)


def test_every_item_has_at_least_sixty_texts_to_learn_from() -> None:
    counts = Counter(example.label for example in shipped_examples())
    assert min(counts.values()) >= 60


def test_no_held_out_text_is_trained_on() -> None:
    trained = {example.text for example in shipped_examples()}
    held_out = {example.text for example in read_folder(DATA / "heldout")}
    assert len(held_out) > 1_000
    assert not trained & held_out


def test_a_text_that_is_no_sample_says_so_and_all_others_are_one(tmp_path: Path) -> None:
    terse = '{"text": "灯不亮", "label": "PUB-10", "sample": false}'
    path = written(tmp_path, "a.jsonl", GOOD + "\n" + terse + "\n")
    assert [example.is_sample for example in read_examples(path)] == [True, False]
