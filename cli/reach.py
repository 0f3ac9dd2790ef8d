"""Where the servers are: those of a stack that runs, or those that the environment names."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from cli.outcome import DEPENDENCY_DOWN, CommandError
from libs.common.settings import KafkaSettings, PostgresSettings
from libs.local.stack import KAFKA, POSTGRES, running_stack

DATABASE: Final = "appeals"


class CommandSettings(BaseSettings):
    """`state_dir` holds the local stack's data, keys, logs and the trained model."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="APPEALS_", env_nested_delimiter="__", frozen=True, extra="ignore"
    )

    state_dir: Path = Path(".local")
    kafka: KafkaSettings = Field(default_factory=KafkaSettings)
    postgres: PostgresSettings = Field(default_factory=PostgresSettings)


@dataclass(frozen=True, slots=True)
class Reach:
    """`dsn` is of the database that holds the schemas; `root` is None without a local stack."""

    kafka: KafkaSettings
    dsn: str
    root: Path | None = None


def find_servers(settings: CommandSettings, environment: Mapping[str, str]) -> Reach:
    """Raises CommandError where neither a stack runs nor both servers are named."""
    running = running_stack(settings.state_dir)
    named_kafka, named_postgres = environment.get(KAFKA), environment.get(POSTGRES)
    if running is None and not (named_kafka and named_postgres):
        raise nothing_runs(settings.state_dir)
    bootstrap = named_kafka or (running.bootstrap_servers if running else "")
    dsn = named_postgres or (database_dsn(running.postgres_dsn) if running else "")
    kafka = settings.kafka.model_copy(update={"bootstrap_servers": bootstrap})
    root = settings.state_dir.absolute() / "kept" if running else None
    return Reach(kafka, dsn, root)


def servers_here() -> Reach:
    return find_servers(CommandSettings(), os.environ)


def database_dsn(server_dsn: str) -> str:
    """The same server and user, in the database that a local stack keeps its schemas in."""
    return urlsplit(server_dsn)._replace(path=f"/{DATABASE}").geturl()


def nothing_runs(state_dir: Path) -> CommandError:
    return CommandError(
        f"{state_dir} 中没有正在运行的服务。请先在另一个窗口运行 appeals up；"
        f"或用 {KAFKA} 和 {POSTGRES} 指定现成的服务器。",
        f"No stack runs on {state_dir}. Start `appeals up` in another window, or name servers "
        f"that run in {KAFKA} and {POSTGRES}.",
        code=DEPENDENCY_DOWN,
    )
