"""What every benchmark command shares: its arguments, one JSON file, and lines for people."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.staging import MODEL, STATE

Measure: TypeAlias = Callable[[argparse.Namespace], Coroutine[Any, Any, dict[str, Any]]]


def benchmark_arguments(text: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=text, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument(
        "--state", type=Path, default=STATE.absolute(), help="folder of the passing stack"
    )
    parser.add_argument(
        "--model", type=Path, default=MODEL.absolute(), help="the classifier's model"
    )
    return parser


def run_and_report(
    parser: argparse.ArgumentParser,
    measure: Measure,
    printed: Callable[[dict[str, Any]], str],
) -> int:
    arguments = parser.parse_args()
    result = asyncio.run(measure(arguments))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.write("\n".join([*machine_lines(result["machine"]), printed(result)]) + "\n")
    return 0


def machine_lines(facts: Mapping[str, Any]) -> list[str]:
    machine = "machine    {cores} cores, {cpu}, Python {python}, load before {load_before}"
    server = (
        "PostgreSQL {server_version}, fsync {fsync}, synchronous_commit {synchronous_commit}, "
        "full_page_writes {full_page_writes}"
    )
    return [
        machine.format_map(facts),
        server.format_map(facts["postgres"]),
        f"one sync   {facts['pg_test_fsync_us']} microseconds (pg_test_fsync)",
    ]


def table(title: str, figures: Mapping[str, float]) -> list[str]:
    """One line a figure, the largest first."""
    ordered = sorted(figures.items(), key=lambda pair: -pair[1])
    return [f"{title}:", *(f"    {name:<26} {value:>10,.3f}" for name, value in ordered)]
