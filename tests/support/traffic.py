"""Appeals as a hotline sends them by Kafka, acknowledged one by one, a few of them twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

import cli
from cli.publishing import key_of
from libs.catalogue.load import load_catalogue
from libs.common.clock import system_clock
from libs.common.contracts.inbound import Submission
from libs.common.contracts.topics import Topic
from libs.common.ids import appeal_id_of
from libs.common.messaging.partitioning import partition_of
from libs.common.messaging.sender import new_producer
from libs.common.settings import KafkaSettings
from services.intake.adapters.importer.plan import plan
from services.intake.adapters.importer.rows import ImportRun
from services.intake.adapters.submissions import PRODUCER as PRODUCER_HEADER
from services.intake.domain.submission import sub_districts_by_word

PRODUCER = "hotline"
SHIPPED = Path(cli.__file__).parent / "demo_data" / "hotline-workorders.csv"
SEED = 20261123
OLD = timedelta(days=40)
AT_ONCE = 100


@cache
def shipped_submissions(now: datetime) -> tuple[Submission, ...]:
    places = sub_districts_by_word((p.code, p.name_zh) for p in load_catalogue().subdistricts)
    rows = ImportRun(plan(SHIPPED), now, places)
    return tuple(row.outcome for row in rows if isinstance(row.outcome, Submission))


def appeals(count: int, *, repeated: int, now: datetime | None = None) -> list[Submission]:
    """`count` submissions, of which `repeated` are exact repeats of earlier ones, some much later.

    Every tenth is so old that all its steps are due at once; of the others none is for minutes,
    so that nothing moves while the ledger is taken.
    """
    moment = now or system_clock()
    shipped = shipped_submissions(moment)
    random = Random(SEED)  # noqa: S311 - the same traffic each time
    fresh = [
        shipped[n % len(shipped)].model_copy(
            update={
                "source_id": f"GD{n:08}",
                "occurred_at": moment - (OLD if n % 10 == 0 else timedelta(seconds=n % 30 + 1)),
            }
        )
        for n in range(count - repeated)
    ]
    mixed = list(fresh)
    for one in random.sample(fresh, repeated):
        mixed.insert(random.randrange(fresh.index(one) + 1, len(mixed) + 1), one)
    return mixed


@dataclass(slots=True)
class Traffic:
    """Sends until Kafka has acknowledged: what is not acknowledged is sent again."""

    kafka: KafkaSettings
    submissions: Sequence[Submission]
    acknowledged: int = 0
    sent_again: int = 0
    producer: AIOKafkaProducer | None = field(default=None, repr=False)

    @property
    def appeal_ids(self) -> set[str]:
        """Of everything acknowledged."""
        done = self.submissions[: self.acknowledged]
        return {str(appeal_id_of(s.channel, PRODUCER, s.source_id or "")) for s in done}

    async def send(self, count: int) -> None:
        end = min(len(self.submissions), self.acknowledged + count)
        while self.acknowledged < end:
            part = self.submissions[self.acknowledged : min(end, self.acknowledged + AT_ONCE)]
            try:
                await self.send_part(part)
            except (KafkaError, TimeoutError):
                self.sent_again += len(part)
                await self.close()
                await asyncio.sleep(0.5)
            else:
                self.acknowledged += len(part)

    async def send_part(self, part: Sequence[Submission]) -> None:
        if self.producer is None:
            producer = new_producer(self.kafka.bootstrap_servers, "journey")
            await producer.start()
            self.producer = producer
        waiting = [await self.send_one(self.producer, one) for one in part]
        await asyncio.wait_for(asyncio.gather(*waiting), 30)

    async def send_one(self, producer: AIOKafkaProducer, one: Submission) -> "asyncio.Future[Any]":
        key = key_of(one, PRODUCER)
        return await producer.send(
            self.kafka.topic_prefix + Topic.SUBMISSIONS,
            one.model_dump_json(exclude_none=True).encode(),
            key=key.encode(),
            partition=partition_of(key, self.kafka.partitions),
            headers=[(PRODUCER_HEADER, PRODUCER.encode())],
        )

    async def close(self) -> None:
        producer, self.producer = self.producer, None
        if producer is not None:
            await asyncio.wait_for(producer.stop(), 10)
