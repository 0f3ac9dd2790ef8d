"""A test's own database, and a pool as each service has it: its role, its schema, its rights."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg

from libs.common.contracts.topics import READS, ServiceName, Topic
from libs.common.eventstore.store import Pool
from libs.common.runtime.process import session

PASSWORD = "only-for-tests"  # noqa: S105 - a throw-away server on loopback
TOPIC_ID = UUID(int=1)


@dataclass(frozen=True, slots=True)
class Database:
    admin_dsn: str
    partitions: int

    def dsn(self, service: ServiceName) -> str:
        parts = urlsplit(self.admin_dsn)
        host = f"{parts.hostname}:{parts.port}"
        return urlunsplit(parts._replace(netloc=f"appeals_{service}:{PASSWORD}@{host}"))

    @asynccontextmanager
    async def pool(self, service: ServiceName) -> AsyncGenerator[Pool]:
        async with asyncpg.create_pool(
            self.dsn(service), min_size=1, max_size=6, server_settings=session(service)
        ) as pool:
            yield pool

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """As the superuser, for looking at what a service has written."""
        connection = await asyncpg.connect(self.admin_dsn)
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()

    async def name_topics(self, service: ServiceName) -> None:
        """Makes the offset rows of a service without a broker: every topic has TOPIC_ID."""
        for topic in READS[service]:
            await self.name_topic(service, topic)

    async def name_topic(self, service: ServiceName, topic: Topic) -> None:
        connection = await asyncpg.connect(self.admin_dsn)
        try:
            await connection.execute(
                f"INSERT INTO {service}.consumer_offsets "
                "SELECT $1, $2, generate_series(0, $3::int - 1), 0, 0",
                topic,
                TOPIC_ID,
                self.partitions,
            )
        finally:
            await connection.close()
