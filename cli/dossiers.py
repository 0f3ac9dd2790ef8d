"""`appeals show`, with the dossier of the stack at hand."""

import asyncio
from typing import Annotated

import typer

from cli.dossier_reading import AtTime
from cli.options import AsJson
from cli.reach import servers_here
from cli.show import show_command


def show(
    *,
    wanted: Annotated[
        str, typer.Argument(help="诉求编号、工单号、企业、信用代码。Appeal, number, firm or code.")
    ],
    at: AtTime = None,
    as_json: AsJson = False,
) -> None:
    """一件诉求或一家企业的档案，可回看某时刻。One appeal or enterprise, now or at a moment."""
    raise typer.Exit(asyncio.run(show_command(servers_here().dsn, wanted, as_json, at)))
