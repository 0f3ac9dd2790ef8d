"""`appeals doctor`: what this machine has and lacks, and the ways to mend it."""

import json
import os
from dataclasses import asdict

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.options import AsJson
from cli.outcome import DEPENDENCY_DOWN
from cli.reach import CommandSettings
from libs.local.doctor import Finding, diagnose


def doctor(
    *,
    as_json: AsJson = False,
) -> None:
    """检查本机环境，说明缺什么、怎么补。Say what is missing and the ways to mend it."""
    findings = diagnose(os.environ, CommandSettings().state_dir)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False))
    else:
        Console(highlight=False).print(table_of(findings))
    if not all(one.ok for one in findings):
        raise typer.Exit(DEPENDENCY_DOWN)


def table_of(findings: list[Finding]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for one in findings:
        sign = Text("✔", style="green") if one.ok else Text("✘", style="bold red")
        same = one.detail_zh == one.detail_en
        detail = Text(one.detail_zh)
        if not same:
            detail.append(f"\n{one.detail_en}", style="dim")
        if one.remedy:
            detail.append(f"\n{one.remedy}", style="yellow")
        table.add_row(sign, one.name, detail)
    return table
