"""One service as one process: `appeals run SERVICE`."""

import asyncio
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Annotated, Any, Final

import typer
import uvloop

from libs.common.contracts.topics import SERVICES, ServiceName
from libs.common.observability.logging import configure_logging
from libs.common.settings import ServiceSettings

Start = Callable[[Any], Coroutine[Any, Any, None]]
USAGE: Final = 2


def settings_class(service: ServiceName) -> type[ServiceSettings]:
    # Imported by name, so that a router process does not load the classifier's libraries.
    module = import_module(f"services.{service}.settings")
    found: type[ServiceSettings] = getattr(module, f"{service.capitalize()}Settings")
    return found


def run_service(service: ServiceName) -> None:
    """Until SIGTERM or SIGINT. Raises what starting raised, a bad setting included."""
    settings = settings_class(service).model_validate({})
    configure_logging(service, settings.log_level)
    start: Start = import_module(f"services.{service}.app").run
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(start(settings))


def run(
    service: Annotated[str, typer.Argument(help=", ".join(SERVICES))],
) -> None:
    """运行一个服务，直到 SIGTERM。Run one service until SIGTERM."""
    for known in SERVICES:
        if known == service:
            run_service(known)
            return
    names = ", ".join(SERVICES)
    typer.echo(f"没有名为 {service!r} 的服务：{names} / no such service, choose {names}", err=True)
    raise typer.Exit(USAGE)
