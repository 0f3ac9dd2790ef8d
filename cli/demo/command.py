"""`appeals demo`: a hotline file from intake to escalations and a verified dossier."""

import io
import json
import re
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from cli.demo.figures import Figures
from cli.demo.play import Stage, Wish, play
from cli.demo.sheet import SHIPPED
from cli.demo.summary import print_summary
from cli.deployment import environment_here
from cli.narrator import Narrator
from cli.options import AsJson
from cli.outcome import FAILURE
from cli.reach import CommandSettings
from cli.running import run_to_end
from libs.common.clock import system_clock

PICTURE_WIDTH: Final = 130
FONT_FACE: Final = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def demo(
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
    """演示：真实的 Kafka 与 PostgreSQL，示例工单走完全程。The whole way of a hotline file."""
    stage = Stage(CommandSettings(), environment_here(), Narrator(), system_clock)
    figures = run_to_end(play(stage, Wish(SHIPPED, rows, redate=not no_redate)))
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


def picture_of(figures: Figures) -> str:
    """SVG, with whatever fixed-width font the reader has: rich's own would be fetched."""
    console = Console(record=True, width=PICTURE_WIDTH, file=io.StringIO(), force_terminal=True)
    print_summary(console, figures, brief=True)
    return FONT_FACE.sub("", console.export_svg(title="appeals demo"))
