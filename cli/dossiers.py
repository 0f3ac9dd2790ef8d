"""`appeals show` and `appeals verify`, with the dossier of the stack at hand."""

import asyncio
from typing import Annotated

import typer

from cli.dossier_reading import AtTime
from cli.options import AsJson
from cli.outcome import USAGE, CommandError
from cli.reach import servers_here
from cli.show import show_command
from cli.verify import verify_command


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


def verify(
    *,
    enterprise: Annotated[
        str | None, typer.Argument(help="企业；不写则全部。One enterprise, or else all.")
    ] = None,
    all_chains: Annotated[
        bool, typer.Option("--all", help="全部档案链。Every chain, as without a name.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """从存储字节重新计算档案链；不符时退出码 3。Recompute chains from stored bytes; 3 if broken."""
    if enterprise is not None and all_chains:
        raise both_named()
    raise typer.Exit(asyncio.run(verify_command(servers_here().dsn, enterprise, as_json)))


def both_named() -> CommandError:
    return CommandError("企业和 --all 只能选一个。", "Name an enterprise or --all.", code=USAGE)
