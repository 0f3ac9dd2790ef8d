"""Classified events as the classifier would write them, without the classifier."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from typing import Final

from benchmarks.submissions import ENTERPRISES, places, uscc_of
from libs.catalogue.load import load_catalogue
from libs.common.contracts.classifier import (
    AppealClassified,
    Candidate,
    Ground,
    Handover,
    Judgement,
)
from libs.common.contracts.envelope import Actor
from libs.common.eventstore.encoding import NewEvent
from libs.common.ids import AppealId, ItemCode, appeal_id_of, enterprise_id_of, event_id_of
from libs.common.messaging.partitioning import partition_of

ACTOR: Final = Actor(kind="system", id="classifier", unit="classifier")
WHEN: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CATALOGUE_VERSION: Final = "2026.1"
CONFIDENCES: Final = (8_700, 800, 500)
GROUNDS: Final = ("贷款", "流动资金", "银行", "备料", "年利率")


def classified_events(
    first: int, count: int, partitions: int
) -> Iterator[NewEvent[AppealClassified]]:
    """One event of each of `count` appeals, numbered from `first`; enterprises by Zipf."""
    rng = random.Random(first)  # noqa: S311 - repeatable, not secret
    weights = list(accumulate(1 / rank for rank in range(1, ENTERPRISES + 1)))
    items = load_catalogue().items
    for number in range(first, first + count):
        (firm,) = rng.choices(range(ENTERPRISES), cum_weights=weights)
        item = rng.choice(items)
        appeal_id = appeal_id_of("benchmark", "benchmark", str(number))
        key = str(enterprise_id_of(uscc_of(firm)))
        yield NewEvent(
            event=classified(appeal_id, firm, item.code, rng.choice(places())),
            event_id=event_id_of(appeal_id, AppealClassified.TYPE, "/0"),
            partition=partition_of(key, partitions),
            stream_id=f"classifier-{appeal_id}",
            version=1,
            key=key,
            subject=str(appeal_id),
            source="/appeals/classifier",
            time=WHEN,
            correlation_id=appeal_id,
            causation_id=appeal_id,
            actor=ACTOR,
        )


def classified(appeal_id: AppealId, firm: int, item: ItemCode, place: str) -> AppealClassified:
    return AppealClassified(
        appeal_id=appeal_id,
        item=item,
        category=item[:3],
        judgement=Judgement(
            candidates=tuple(
                Candidate.model_validate({"item": item, "confidence": n}) for n in (8700, 800, 500)
            ),
            confidence=8700,
            margin=7900,
            none_of_these=120,
            urgency=300,
            reasons=tuple(Ground(words=words, share=1500) for words in GROUNDS),
            threshold=6000,
            model_version="benchmark",
            catalogue_version=CATALOGUE_VERSION,
        ),
        handover=Handover(
            enterprise_id=enterprise_id_of(uscc_of(firm)),
            accepted_at=WHEN,
            channel="hotline",
            kind="request",
            urgency="normal",
            sub_district=place,
        ),
    )
