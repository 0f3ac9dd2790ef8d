"""`appeals simulate`: a city in virtual time, with the services' real deciders."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from cli.deployment import model_folder
from cli.options import AsJson
from cli.reach import CommandSettings
from cli.simulate.days import City, Tally
from cli.simulate.habits import USUAL
from cli.simulate.members import Plan, assemble
from cli.simulate.report import outcome_of, tables
from libs.calendar.working_calendar import shanghai

STARTS_AT: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def simulate(
    appeals: Annotated[int, typer.Option(min=1, max=200_000, help="诉求件数。Appeals.")] = 2_000,
    days: Annotated[int, typer.Option(min=1, max=366, help="提交的天数。Days of filing.")] = 20,
    seed: Annotated[int, typer.Option(help="随机种子。Seed: the same seed, the same events.")] = 1,
    policy: Annotated[str, typer.Option(help="时限政策。Policy pack preset.")] = "baoan",
    model: Annotated[
        Path | None, typer.Option(help="分类模型目录。The classifier's model.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """用真实的决策代码在虚拟时间里演练。Plays a city in virtual time, by the real deciders."""
    folder = model or model_folder(CommandSettings().state_dir, os.environ)
    assembly = assemble(Plan(seed=seed, policy=policy, starts_at=STARTS_AT, model=folder))
    tally = Tally()
    assembly.world.listeners.append(tally.hear)
    City(assembly, seed, USUAL).live(appeals, days)
    outcome = outcome_of(assembly.world, tally)
    if as_json:
        typer.echo(orjson.dumps(outcome, option=orjson.OPT_INDENT_2).decode())
        return
    console = Console()
    span = f"{shanghai(STARTS_AT):%Y-%m-%d} … {shanghai(assembly.world.now):%Y-%m-%d}"
    console.print(f"{outcome['appeals']:,} 件诉求，{outcome['events']:,} 个事件，虚拟时间 {span}")
    for one in tables(outcome):
        if one.row_count:
            console.print(one)
    console.print(f"event log sha256 {outcome['event_log_sha256']}")
