"""`appeals demo`: a hotline file from intake to escalations and a verified dossier."""

import io
import json
import re
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from cli.demo.figures import Figures
from cli.demo.play import Stage, Wish, play
from cli.demo.sheet import SHIPPED
from cli.demo.summary import print_summary
from cli.deployment import environment_here, model_folder
from cli.narrator import Narrator
from cli.options import AsJson
from cli.outcome import FAILURE, USAGE, CommandError
from cli.reach import CommandSettings
from cli.running import run_to_end
from libs.common.clock import system_clock

PICTURE_WIDTH: Final = 130
FONT_FACE: Final = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def demo(
    scenario: Annotated[
        str | None,
        typer.Argument(help="区县场景，虚拟时间：baoan guangming pingshan guangzhou quzhou。"),
    ] = None,
    *,
    rows: Annotated[
        int | None, typer.Option(min=1, help="只用前几行。Only the first rows.")
    ] = None,
    no_redate: Annotated[
        bool, typer.Option("--no-redate", help="不平移时间。Leave the file's times as they are.")
    ] = False,
    as_json: AsJson = False,
    svg: Annotated[Path | None, typer.Option(help="结果另存为图片。The summary as SVG.")] = None,
) -> None:
    """演示：真实的 Kafka 与 PostgreSQL，示例工单走完全程。The whole way of a hotline file.

    写明场景时，用真实的决策代码在虚拟时间里演一个区县的流程。A district's procedure instead.
    """
    if scenario is not None:
        tell_scenario(scenario, as_json=as_json)
        return
    play_file(Wish(SHIPPED, rows, redate=not no_redate), svg, as_json=as_json)


def play_file(wish: Wish, svg: Path | None, *, as_json: bool) -> None:
    stage = Stage(CommandSettings(), environment_here(), Narrator(), system_clock)
    figures = run_to_end(play(stage, wish))
    if as_json:
        typer.echo(json.dumps(figures.as_json(), ensure_ascii=False, default=str))
    else:
        print_summary(Console(highlight=False), figures)
    if svg is not None:
        svg.write_text(picture_of(figures), encoding="utf-8")
    stage.narrator.say(
        f"首个事件 {figures.first_event_s:.1f} 秒，全程 {stage.narrator.elapsed_s:.0f} 秒",
        f"first event after {figures.first_event_s:.1f} s, {stage.narrator.elapsed_s:.0f} s in all",
    )
    if not figures.is_good:
        raise typer.Exit(FAILURE)


def tell_scenario(name: str, *, as_json: bool) -> None:
    """Imported when it is asked for: the services' deciders would slow every start."""
    districts = import_module("cli.scenarios.districts")
    if name not in districts.SCENARIOS:
        raise unknown_scenario(name, " ".join(districts.SCENARIOS))
    settings, environment = CommandSettings(), environment_here()
    played = districts.play(name, model_folder(settings.state_dir, environment))
    telling = import_module("cli.scenarios.telling")
    if as_json:
        typer.echo(json.dumps(telling.as_json(played), ensure_ascii=False, default=str))
    else:
        telling.print_story(Console(highlight=False), played)


def unknown_scenario(name: str, known: str) -> CommandError:
    return CommandError(
        f"没有名为 {name} 的场景，可选：{known}。",
        f"there is no scenario named {name}; choose one of: {known}.",
        code=USAGE,
    )


def picture_of(figures: Figures) -> str:
    """SVG, with whatever fixed-width font the reader has: rich's own would be fetched."""
    console = Console(record=True, width=PICTURE_WIDTH, file=io.StringIO(), force_terminal=True)
    print_summary(console, figures, brief=True)
    return FONT_FACE.sub("", console.export_svg(title="appeals demo"))
