"""Batches to Kafka: explicit partitions, one window in flight, all acknowledged or an error."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeAlias
from uuid import UUID

from aiokafka import AIOKafkaProducer

from libs.common.execution.screening import (
    CORRELATION_ID,
    EVENT_ID,
    SEQUENCE,
    SUBJECT,
    TOPIC_ID,
    TRACEPARENT,
    TYPE,
)

ACK_SECONDS: Final = 20.0
CONTENT_TYPE: Final = ("content-type", b"application/cloudevents+json")
Headers: TypeAlias = list[tuple[str, bytes]]
Row: TypeAlias = Mapping[str, Any]


def new_producer(bootstrap_servers: str, client_id: str) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers,
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        max_batch_size=512 * 1024,
        linger_ms=0,
    )


async def send(
    producer: AIOKafkaProducer,
    topic: str,
    topic_id: UUID,
    rows: Sequence[Row],
) -> None:
    """Sends rows ordered by partition and sequence. Raises when not all are acknowledged."""
    made_at = str(topic_id).encode()
    futures: list[asyncio.Future[Any]] = []
    for partition, group in groupby(rows, key=itemgetter("partition")):
        batch = producer.create_batch()
        for row in group:
            headers = headers_of(row, made_at)
            if not append(batch, row, headers):
                futures.append(await producer.send_batch(batch, topic, partition=partition))
                batch = producer.create_batch()
                append(batch, row, headers)
        futures.append(await producer.send_batch(batch, topic, partition=partition))
    await asyncio.wait_for(asyncio.gather(*futures), ACK_SECONDS)


def append(batch: Any, row: Row, headers: Headers) -> bool:  # noqa: ANN401 - untyped
    added = batch.append(timestamp=None, key=row["key"], value=row["body"], headers=headers)
    return added is not None


def headers_of(row: Row, topic_id: bytes) -> Headers:
    headers = [
        (SEQUENCE, str(row["sequence"]).encode()),
        (TOPIC_ID, topic_id),
        (TYPE, row["type"].encode()),
        (EVENT_ID, str(row["event_id"]).encode()),
        (SUBJECT, row["subject"].encode()),
        (CORRELATION_ID, str(row["correlation_id"]).encode()),
        CONTENT_TYPE,
    ]
    if row["traceparent"] is not None:
        headers.append((TRACEPARENT, row["traceparent"].encode()))
    return headers
