"""The life of invented appeals, as the records that a dossier hears."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid5

from libs.common.contracts.classifier import (
    AppealClassified,
    Candidate,
    Ground,
    Handover,
    Judgement,
)
from libs.common.contracts.envelope import Actor, Event
from libs.common.contracts.intake import AppealAccepted, AppealSubmitted
from libs.common.contracts.router import (
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
)
from libs.common.contracts.sla import ClocksStarted, ClocksStopped, LimitPassed
from libs.common.contracts.sla_parts import ClockStart
from libs.common.contracts.topics import Topic
from libs.common.eventstore.encoding import NewEvent, encode
from libs.common.ids import AppealId, DepartmentCode, ItemCode, appeal_id_of, enterprise_id_of
from libs.common.subscription import Record
from tests.support.databases import TOPIC_ID

# Invented; the check digit is not even right, which nothing here looks at.
USCC: Final = "91440300MA5TEST001"
ENTERPRISE: Final = enterprise_id_of(USCC)
NAME: Final = "深圳市虚构样例科技有限公司"
SUBMITTED: Final = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DUE: Final = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
LEAD: Final = DepartmentCode("gxj")
ITEM: Final = ItemCode("FIN-001")
CLERK: Final = Actor(kind="department", id="officer-7", unit="gxj")


def appeal_number(number: int) -> AppealId:
    return appeal_id_of("hotline", "hotline-12345", f"GD{number:06}")


@dataclass(slots=True)
class Journal:
    """Numbers records as the services' relays would: dense within (service, partition)."""

    partition: int = 3
    last: dict[Topic, int] = field(default_factory=dict[Topic, int])

    def record(
        self, event: Event, appeal: UUID, *, key: str = str(ENTERPRISE), minute: int = 1
    ) -> Record:
        service = event.TYPE.split(".")[0]
        value = encode(
            NewEvent(
                event=event,
                event_id=uuid5(appeal, event.TYPE),
                partition=self.partition,
                stream_id=f"{service}-{appeal}",
                version=1,
                key=key,
                subject=str(appeal),
                source=f"/appeals/{service}",
                time=SUBMITTED + timedelta(minutes=minute),
                correlation_id=appeal,
                causation_id=appeal,
                actor=CLERK,
            )
        )
        return self.raw(Topic(f"appeals.{service}.events"), value, event.TYPE, key=key.encode())

    def raw(
        self, topic: Topic, value: bytes | None, event_type: str, *, key: bytes | None
    ) -> Record:
        sequence = self.last[topic] = self.last.get(topic, 0) + 1
        headers = {
            "sequence": str(sequence).encode(),
            "topic_id": str(TOPIC_ID).encode(),
            "ce_type": event_type.encode(),
            "ce_id": str(uuid5(TOPIC_ID, f"{topic}/{sequence}")).encode(),
            "ce_subject": b"any",
        }
        return Record(topic, self.partition, sequence - 1, key, value, headers)


def submitted(appeal: AppealId, *, source_id: str = "GD000001", title: str = "贷款") -> Event:
    return AppealSubmitted(
        appeal_id=appeal,
        enterprise_id=ENTERPRISE,
        enterprise_name=NAME,
        uscc=USCC,
        channel="hotline",
        producer_id="hotline-12345",
        source_id=source_id,
        submitted_at=SUBMITTED,
        kind="request",
        urgency=None,
        sub_district="xa",
        title=title,
        text="我司申请的贷款迟迟没有批复。" * 20,
        marks={},
        commitment="0" * 64,
    )


def accepted(appeal: AppealId) -> Event:
    return AppealAccepted(
        appeal_id=appeal,
        enterprise_id=ENTERPRISE,
        accepted_at=SUBMITTED,
        channel="hotline",
        kind="request",
        urgency="normal",
        sub_district="xa",
        title="贷款",
        text="我司申请的贷款迟迟没有批复。" * 20,
    )


def classified(appeal: AppealId, *, confidence: int = 9_100) -> Event:
    return AppealClassified(
        appeal_id=appeal,
        item=ITEM,
        category="FIN",
        judgement=Judgement(
            candidates=(Candidate(item=ITEM, confidence=confidence),),
            confidence=confidence,
            margin=5_000,
            none_of_these=100,
            urgency=100,
            reasons=(Ground(words="贷款", share=4_000),),
            threshold=6_000,
            model_version="test",
            catalogue_version="test",
        ),
        handover=Handover(
            enterprise_id=ENTERPRISE,
            accepted_at=SUBMITTED,
            channel="hotline",
            kind="request",
            urgency="normal",
            sub_district="xa",
        ),
    )


def dispatched(appeal: AppealId, *, urgency: Literal["normal", "urgent"] = "normal") -> Event:
    return AppealDispatched(
        appeal_id=appeal,
        enterprise_id=ENTERPRISE,
        item=ITEM,
        category="FIN",
        lead=LEAD,
        co_handlers=(),
        sub_district="xa",
        urgency=urgency,
        accepted_at=SUBMITTED,
        rule_id="FIN-001/lead",
        routing_version="test",
        catalogue_version="test",
    )


def signed(appeal: AppealId) -> Event:
    return DispatchSigned(appeal_id=appeal, department=LEAD)


def result(appeal: AppealId) -> Event:
    return ResultSubmitted(
        appeal_id=appeal,
        department=LEAD,
        submitted_at=DUE,
        outcome="solved",
        contacted_at=DUE,
        public_reply="已协调银行受理。",
        legal_basis=None,
    )


def approved(appeal: AppealId) -> Event:
    return ResultApproved(appeal_id=appeal, result_submitted_at=DUE)


def rated(appeal: AppealId) -> Event:
    return RatedAcceptable(appeal_id=appeal, score=9)


def clocks_started(appeal: AppealId, *, provisional: bool = False) -> Event:
    start = ClockStart(
        clock="resolve",
        started_at=SUBMITTED,
        due=DUE,
        deadline_version=1,
        limit="3wd",
        policy_version="test",
        calendar_version="test",
        provisional=provisional,
        steps=(),
    )
    return ClocksStarted(appeal_id=appeal, urgency="normal", lead=LEAD, clocks=(start,))


def clocks_stopped(appeal: AppealId) -> Event:
    return ClocksStopped(appeal_id=appeal, clocks=("resolve",), stopped_at=DUE)


def limit_passed(appeal: AppealId, *, level: int = 2) -> Event:
    return LimitPassed(
        appeal_id=appeal,
        clock="resolve",
        deadline_version=1,
        level=level,
        step_at=DUE,
        notify_at=DUE,
        due=DUE,
        addressee="deputy_in_charge",
        lead=LEAD,
        late=False,
    )
