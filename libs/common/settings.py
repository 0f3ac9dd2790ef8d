"""What every service is told from outside. Read once, in app.py, never at import."""

from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class KafkaSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    bootstrap_servers: str = "127.0.0.1:9092"
    # Several deployments, or tests, can share one broker.
    topic_prefix: str = ""
    partitions: int = Field(default=12, ge=1, le=1_000)


class PostgresSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    dsn: SecretStr = SecretStr("postgresql://127.0.0.1:5432/appeals")
    pool_size: int = Field(default=6, ge=2, le=100)


class HttpSettings(BaseModel):
    """Port 0 takes any free one; the process prints which."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65_535)


class ServiceSettings(BaseSettings):
    """`APPEALS_KAFKA__BOOTSTRAP_SERVERS`, `APPEALS_POSTGRES__DSN`, `APPEALS_HTTP__PORT`, …"""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="APPEALS_", env_nested_delimiter="__", frozen=True, extra="ignore"
    )

    kafka: KafkaSettings = KafkaSettings()
    postgres: PostgresSettings = PostgresSettings()
    http: HttpSettings = HttpSettings()
    # Keys the hashes by which a repeat of a command is told from another command.
    fingerprint_key: SecretStr
    # A JSON list of callers, each with the hash of its key; see runtime/credentials.py.
    credentials_file: Path | None = None
    log_level: str = "INFO"
    batch_records: int = Field(default=2_000, ge=1, le=5_000)
