"""Appeals as producers send them, the same for the same seed; people and firms are invented."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate, groupby
from operator import attrgetter
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from stdnum.cn import uscc

from cli.keys import PRODUCER as PRODUCER_ID
from cli.publishing import key_of
from libs.catalogue.load import load_catalogue
from libs.common.contracts.inbound import Submission, SubmittedContact, SubmittedEnterprise
from libs.common.contracts.topics import Topic
from libs.common.messaging.partitioning import partition_of
from services.classifier.adapters.material import shipped_examples
from services.intake.adapters.submissions import PRODUCER

ENTERPRISES: Final = 2_000
WITHOUT_ENTERPRISE: Final = 0.05
HEADERS: Final = [(PRODUCER, PRODUCER_ID.encode())]
# A fictional office of registration: codes of real firms never begin so.
OFFICE: Final = "91990101"


@dataclass(frozen=True, slots=True)
class Sending:
    """One submission, ready to be sent."""

    source_id: str
    key: bytes
    partition: int
    value: bytes


def submissions(
    count: int, *, seed: int, tag: str, partitions: int, now: datetime
) -> list[Sending]:
    """A few enterprises with very many appeals and many with few (Zipf)."""
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    weights = list(accumulate(1 / rank for rank in range(1, ENTERPRISES + 1)))
    firms = rng.choices(range(ENTERPRISES), cum_weights=weights, k=count)
    return [
        sending(submission(rng, firm, f"{tag}-{index}", now), partitions)
        for index, firm in enumerate(firms)
    ]


def submission(rng: random.Random, firm: int, source_id: str, now: datetime) -> Submission:
    code = uscc_of(firm)
    has_enterprise = rng.random() >= WITHOUT_ENTERPRISE
    phone = f"1380000{rng.randrange(10_000):04d}"
    return Submission(
        channel="hotline",
        source_id=source_id,
        occurred_at=now,
        text=f"{rng.choice(texts())}联系人张三，电话{phone}。",
        enterprise=SubmittedEnterprise(name=f"测试企业{firm}号", uscc=code)
        if has_enterprise
        else None,
        contact=SubmittedContact(name="张三", phone=phone),
        sub_district=rng.choice(places()),
    )


@cache
def uscc_of(firm: int) -> str:
    body = f"{OFFICE}{firm:09d}"
    return body + uscc.calc_check_digit(body + "0")


@cache
def texts() -> Sequence[str]:
    return [example.text for example in shipped_examples()]


@cache
def places() -> Sequence[str]:
    return [place.code for place in load_catalogue().subdistricts]


def sending(one: Submission, partitions: int) -> Sending:
    key = key_of(one, PRODUCER_ID)
    value = one.model_dump_json(exclude_none=True).encode()
    return Sending(one.source_id or "", key.encode(), partition_of(key, partitions), value)


async def publish_all(producer: AIOKafkaProducer, sendings: Sequence[Sending]) -> None:
    """As fast as the broker takes them, a batch a partition in turn."""
    topic = str(Topic.SUBMISSIONS)
    for start in range(0, len(sendings), 1_000):
        chunk = sorted(sendings[start : start + 1_000], key=attrgetter("partition"))
        for partition, group in groupby(chunk, key=attrgetter("partition")):
            batch = producer.create_batch()
            for one in group:
                add(batch, one)
            await producer.send_batch(batch, topic, partition=partition)
    await producer.flush()


def add(batch: Any, one: Sending) -> None:  # noqa: ANN401 - untyped in aiokafka
    if batch.append(timestamp=None, key=one.key, value=one.value, headers=HEADERS) is None:
        problem = "a batch of submissions is larger than the producer allows"
        raise ValueError(problem)
