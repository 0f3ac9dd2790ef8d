"""Intake's composition root."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from libs.catalogue.load import load_catalogue
from libs.common.contracts.intake import AppealAccepted, AppealSubmitted, IntakeEvent
from libs.common.contracts.topics import READS, Topic
from libs.common.eventstore.encoding import reader
from libs.common.eventstore.store import Connection
from libs.common.execution.apply import Worked
from libs.common.execution.deciding import DecidingWorker
from libs.common.execution.decision import Answer, Applied, Service
from libs.common.execution.runner import Runner
from libs.common.messaging.partitioning import partition_of
from libs.common.runtime.credentials import load_gate
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.runtime.running import run_process
from libs.common.subscription import AnySubscription, InboundSubscription, Record
from services.intake import read_model
from services.intake.adapters import vault
from services.intake.adapters.submissions import Submissions
from services.intake.api.routes import IntakeApi
from services.intake.domain.commands import IntakeCommand
from services.intake.domain.decide import INTAKE
from services.intake.domain.state import IntakeState
from services.intake.domain.submission import sub_districts_by_word
from services.intake.settings import IntakeSettings

SALT_BYTES: Final = 16
EVENTS: Final[Sequence[type[IntakeEvent]]] = (AppealSubmitted, AppealAccepted)


async def run(settings: IntakeSettings) -> None:
    async with open_process("intake", settings) as process:
        await run_process(process, compose(process, settings))


def compose(process: Process, settings: IntakeSettings) -> Parts:
    service: Service[IntakeCommand, IntakeState, IntakeEvent] = Service(
        name="intake",
        decider=INTAKE,
        read_event=reader(EVENTS),
        project=project,
        answer=answer,
    )
    places = load_catalogue().subdistricts
    submissions = Submissions(
        fingerprint_key=settings.fingerprint_key.get_secret_value().encode(),
        sub_districts=sub_districts_by_word((place.code, place.name_zh) for place in places),
        partition_of=partial(partition_of, partitions=settings.kafka.partitions),
        new_salt=partial(secrets.token_bytes, SALT_BYTES),
    )
    inbound: Mapping[Topic, AnySubscription[IntakeCommand]] = {
        Topic.SUBMISSIONS: submissions.subscription(),
        # No action is intake's own yet: each is passed over.
        Topic.ACTIONS: InboundSubscription(topic=Topic.ACTIONS, admit=lambda _record, _now: ()),
    }
    runner = Runner(process.pool, service, process.clock, process.appended)
    gate = load_gate(settings.credentials_file)
    return Parts(
        # Of the other topics every fact is looked at, by its header first.
        subscriptions={topic: inbound.get(topic) for topic in READS["intake"]},
        worker=IntakeWorker(DecidingWorker(service, inbound, process.clock)),
        routes=IntakeApi(runner, submissions, gate, process.clock).routes(),
    )


@dataclass(frozen=True, slots=True)
class IntakeWorker:
    """Decides on submissions, and follows other services' facts for those who ask how far."""

    deciding: DecidingWorker[IntakeCommand, IntakeState, IntakeEvent]

    async def __call__(
        self, connection: Connection, records: Sequence[Record], /, *, heads_first: bool
    ) -> Worked:
        facts = [record for record in records if not record.topic.is_inbound]
        parked = await read_model.follow(connection, facts) if facts else []
        submitted = [record for record in records if record.topic.is_inbound]
        if not submitted:
            return Worked(parked)
        worked = await self.deciding(connection, submitted, heads_first=heads_first)
        return replace(worked, parked=[*parked, *worked.parked])


async def project(
    connection: Connection, applied: Sequence[Applied[IntakeCommand, IntakeEvent]], /
) -> None:
    await vault.keep(connection, applied)
    await read_model.project(connection, applied)


def answer(applied: Applied[IntakeCommand, IntakeEvent]) -> Answer:
    return {"appeal_id": applied.request.subject, "status": "accepted"}
