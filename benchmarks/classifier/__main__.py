"""Accuracy on every held-out set and speed, beside the peers, in one run.

    python -m benchmarks.classifier [--json FILE] [SET.jsonl …]

Without sets it measures `services/classifier/data/heldout/*.jsonl`, and where none are there
one fifth of the training texts, which no model of that run sees.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.classifier.peers import (
    Guess,
    keyword_rules,
    logistic_regression,
    ours,
    plain_linear,
    support_vectors,
)
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.corpus import Example, read_examples
from services.classifier.adapters.evaluation import answers_of, figures_of
from services.classifier.adapters.material import DATA, shipped_examples, shipped_topics
from services.classifier.adapters.training import train
from services.classifier.domain.ranking import NONE_LABEL

BATCH = 500
ROUNDS = 3
SINGLES = 200
FIFTH = 5
HELD_OUT = DATA / "heldout"


@dataclass(frozen=True)
class Split:
    training: list[Example]
    sets: Mapping[str, list[Example]]


def split_of(paths: Sequence[Path]) -> Split:
    examples = shipped_examples()
    chosen = list(paths) or sorted(HELD_OUT.glob("*.jsonl"))
    if chosen:
        return Split(examples, {path.stem: read_examples(path) for path in chosen})
    kept = [example for place, example in enumerate(examples) if place % FIFTH]
    return Split(kept, {"fifth-of-training": examples[::FIFTH]})


def accuracy(guess: Guess, examples: Sequence[Example]) -> dict[str, float]:
    items = [example for example in examples if example.label != NONE_LABEL]
    answers = guess([example.text for example in items])
    pairs = list(zip(items, answers, strict=True))
    same_category = [one.label[:3] == best[0][:3] for one, best in pairs]
    return {
        "item_top1": round(sum(one.label == best[0] for one, best in pairs) / len(pairs), 4),
        "item_top3": round(sum(one.label in best for one, best in pairs) / len(pairs), 4),
        "category_top1": round(sum(same_category) / len(pairs), 4),
    }


def speed(guess: Guess, texts: Sequence[str]) -> dict[str, float]:
    """CPU time of this process: batches of 500, then one at a time; the best of three rounds."""
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    guess(texts[:BATCH])
    batched = min(timed(guess, batches) for _ in range(ROUNDS)) / len(texts)
    singles = [[text] for text in texts[:SINGLES]]
    single = min(timed(guess, singles) for _ in range(ROUNDS)) / len(singles)
    return {"texts_per_second": round(1 / batched), "single_ms": round(1000 * single, 3)}


def timed(guess: Guess, batches: Sequence[Sequence[str]]) -> float:
    started = time.process_time()
    for batch in batches:
        guess(batch)
    return time.process_time() - started


def speed_texts(examples: Sequence[Example]) -> list[str]:
    """2,000 texts of about 100 characters, put together of shipped ones."""
    texts: list[str] = []
    current = ""
    for example in examples:
        current += example.text
        if len(current) >= 100:  # noqa: PLR2004 - the length that the goal names
            texts.append(current[:100])
            current = ""
    return texts[:2000]


def measured(split: Split) -> dict[str, Any]:
    topics = shipped_topics()
    started = time.process_time()
    classifier = Classifier(train(split.training, topics))
    seconds = time.process_time() - started
    peers: dict[str, Guess] = {
        "ours": ours(classifier),
        "keyword rules": keyword_rules(topics),
        "n-grams, logistic regression": plain_linear(split.training, logistic_regression),
        "n-grams, support vectors": plain_linear(split.training, support_vectors),
    }
    texts = speed_texts(split.training)
    with_items = {
        label: rows
        for label, rows in split.sets.items()
        if any(row.label != NONE_LABEL for row in rows)
    }
    return {
        "training": {"texts": len(split.training), "cpu_seconds": round(seconds, 1)},
        "peers": {
            name: {
                "speed": speed(guess, texts),
                "sets": {label: accuracy(guess, rows) for label, rows in with_items.items()},
            }
            for name, guess in peers.items()
        },
        "ours": {
            label: figures_of(answers_of(classifier, rows)) for label, rows in split.sets.items()
        },
    }


def printed(result: dict[str, Any]) -> str:
    lines = [f"training: {result['training']}"]
    for name, peer in result["peers"].items():
        lines.append(f"{name:<38} {peer['speed']}")
        lines += [f"    {label:<34} {figures}" for label, figures in peer["sets"].items()]
    lines.append("ours, in full:")
    lines += [f"    {label:<34} {figures}" for label, figures in result["ours"].items()]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path)
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    result = measured(split_of(arguments.sets))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.write(printed(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
