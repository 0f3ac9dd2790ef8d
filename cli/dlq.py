"""`appeals dlq`: what waits with its reason, and what is done about it."""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from importlib import import_module
from typing import Annotated, Any, Final, TypeVar

import orjson
import typer
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from cli.deployment import login, model_folder
from cli.keys import open_keys
from cli.reach import CommandSettings, find_servers
from cli.run import settings_class
from libs.common.contracts.topics import SERVICES, ServiceName
from libs.common.execution.redrive import Filter, Letter, Redriver, discard, letters, show
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.settings import PostgresSettings, ServiceSettings

T = TypeVar("T")
app = typer.Typer(help="Dead letters (死信): list, show, redrive, discard.", no_args_is_help=True)
LONGEST_LIST: Final = 5_000
OWN_ENVIRONMENT: Final = "APPEALS_FINGERPRINT_KEY"
Service = Annotated[str, typer.Argument(help="intake, classifier, router, sla or dossier")]
Id = Annotated[int | None, typer.Option("--id", help="one letter")]
Reason = Annotated[str | None, typer.Option("--reason", help="letters of one reason")]
Key = Annotated[str | None, typer.Option("--key", help="letters of one key")]
Json = Annotated[bool, typer.Option("--json")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done, do nothing")]


@app.command("list")
def list_letters(
    service: Service, reason: Reason = None, key: Key = None, *, as_json: Json = False
) -> None:
    """What is parked, newest last, and how many for each reason."""
    found = with_process(service, lambda p: letters(p.pool, Filter(reason=reason, key=key)))
    if as_json:
        typer.echo(orjson.dumps([asdict(letter) for letter in found]).decode())
        return
    table = Table("id", "topic", "partition", "offset", "type", "reason", "detail", "parked at")
    for letter in found:
        table.add_row(*cells(letter))
    Console().print(table)
    for name, count in Counter(letter.reason for letter in found).most_common():
        typer.echo(f"{name}: {count}")


@app.command("show")
def show_letter(
    service: Service,
    letter_id: int,
    *,
    value: Annotated[bool, typer.Option("--value", help="the record's own bytes too")] = False,
) -> None:
    """One letter whole; its value only when asked for, since intake's may be personal."""
    found = with_process(service, lambda p: show(p.pool, letter_id))
    if found is None:
        typer.echo(f"没有编号为 {letter_id} 的死信 / there is no letter {letter_id}", err=True)
        raise typer.Exit(1)
    if not value:
        found.pop("value")
    typer.echo(orjson.dumps(found, default=readable, option=orjson.OPT_INDENT_2).decode())


@app.command()
def redrive(
    service: Service,
    letter_id: Id = None,
    reason: Reason = None,
    key: Key = None,
    *,
    dry_run: DryRun = False,
) -> None:
    """Applies letters again, key by key in their order; what fails waits with a fresh reason."""
    wanted = Filter(id=letter_id, reason=reason, key=key, most=LONGEST_LIST)
    if dry_run:
        found = with_process(service, lambda p: letters(p.pool, wanted))
        typer.echo(f"{len(found)} 条将被重试 / {len(found)} would be applied again")
        return
    done, failed = with_process(service, lambda p: redrive_with(service, p, wanted))
    typer.echo(f"重试成功 {done} 条，仍未通过 {failed} 条 / {done} applied, {failed} wait again")
    raise typer.Exit(1 if failed else 0)


@app.command("discard")
def discard_letters(
    service: Service,
    why: Annotated[str, typer.Option("--why", help="kept with the letters")],
    letter_id: Id = None,
    reason: Reason = None,
    *,
    dry_run: DryRun = False,
) -> None:
    """Gives letters up for good; the rows stay with your reason."""
    wanted = Filter(id=letter_id, reason=reason, most=LONGEST_LIST)
    if dry_run:
        count = len(with_process(service, lambda p: letters(p.pool, wanted)))
        typer.echo(f"{count} 条将被放弃 / {count} would be given up")
        return
    count = with_process(service, lambda p: discard(p.pool, wanted, why))
    typer.echo(f"已放弃 {count} 条 / {count} given up")


def with_process(service: str, work: Callable[[Process], Awaitable[T]]) -> T:
    """Runs `work` with the service's own rights, as its settings in the environment say."""
    name = known(service)

    async def run() -> T:
        async with open_process(name, settings_of(name)) as process:
            return await work(process)

    return asyncio.run(run())


async def redrive_with(service: str, process: Process, wanted: Filter) -> tuple[int, int]:
    name = known(service)
    compose = import_module(f"services.{name}.app").compose
    parts: Parts = compose(process, settings_of(name))
    return await Redriver(process.pool, parts.worker).redrive(wanted)


def settings_of(service: ServiceName) -> ServiceSettings:
    """The service's own environment where this runs in it, else those of the stack that runs."""
    if OWN_ENVIRONMENT in os.environ:
        return settings_class(service).model_validate({})
    commands = CommandSettings()
    reach = find_servers(commands, os.environ)
    keys = open_keys((reach.root or commands.state_dir) / "keys")
    dsn = SecretStr(login(reach.dsn, keys, service))
    values: dict[str, Any] = {
        "kafka": reach.kafka,
        "postgres": PostgresSettings(dsn=dsn),
        "fingerprint_key": SecretStr(keys.secret("fingerprints")),
        "model_dir": model_folder(commands.state_dir, os.environ),
    }
    return settings_class(service)(**values)


def known(service: str) -> ServiceName:
    for name in SERVICES:
        if name == service:
            return name
    names = ", ".join(SERVICES)
    typer.echo(f"没有服务 {service}，可选：{names} / no such service; one of {names}", err=True)
    raise typer.Exit(2)


def cells(letter: Letter) -> list[str]:
    return [
        str(letter.id),
        letter.topic,
        str(letter.partition),
        str(letter.offset),
        letter.type or "",
        letter.reason,
        letter.detail,
        letter.parked_at.isoformat(timespec="seconds"),
    ]


def readable(value: object) -> object:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
