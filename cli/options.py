"""Options that every verb which prints data has."""

from typing import Annotated, TypeAlias

import typer

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="以 JSON 输出。Print JSON.")]
