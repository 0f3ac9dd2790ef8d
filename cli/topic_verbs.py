"""`appeals topics`, and below it what mends them."""

from typing import Annotated, Final

import typer

from cli.options import AsJson
from cli.setup import topics
from cli.topic_repair import rebuild, resend

app: Final = typer.Typer(name="topics", add_completion=False, invoke_without_command=True)
app.command()(resend)
app.command()(rebuild)


@app.callback()
def look(
    context: typer.Context,
    *,
    create: Annotated[
        bool, typer.Option("--create", help="建立缺少的主题。Make what is missing first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """主题、分区、记录数。Topics with partitions, end offsets and records."""
    if context.invoked_subcommand is None:
        topics(create=create, as_json=as_json)
