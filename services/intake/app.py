"""Intake's composition root."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from starlette.routing import BaseRoute

from libs.catalogue.load import load_catalogue
from libs.common.contracts.intake import APPEAL_EVENTS, AppealEvent, IntakeActionRefused
from libs.common.contracts.intake_register import REGISTER_EVENTS, RegisterEvent
from libs.common.contracts.intake_vault import VAULT_EVENTS, VaultEvent
from libs.common.contracts.topics import READS, Topic
from libs.common.errors import RefusedError
from libs.common.eventstore.encoding import reader
from libs.common.eventstore.store import Connection
from libs.common.execution.apply import Worked
from libs.common.execution.deciding import DecidingWorker
from libs.common.execution.decision import Answer, Applied, Service, answer_with_types
from libs.common.execution.runner import Runner
from libs.common.execution.screening import TYPE
from libs.common.messaging.partitioning import partition_of
from libs.common.runtime.credentials import Gate, load_gate
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.runtime.running import run_process
from libs.common.subscription import AnySubscription, Record, Request
from services.intake import read_model
from services.intake.adapters import register, standing, vault
from services.intake.adapters.actions import Actions
from services.intake.adapters.enrolment import Enrolment
from services.intake.adapters.register import Officers
from services.intake.adapters.rule_files import load_rules, load_vault_rules
from services.intake.adapters.signed_records import SignedRecords
from services.intake.adapters.subjects import SubjectKeys
from services.intake.adapters.submissions import Submissions
from services.intake.api.actions import ActionsApi
from services.intake.api.answers import told
from services.intake.api.register import RegisterApi
from services.intake.api.routes import IntakeApi
from services.intake.api.vault import VaultApi
from services.intake.domain.access import VaultRules
from services.intake.domain.commands import FromOutside, IntakeCommand, SubmitAppeal
from services.intake.domain.decide import intake_decider
from services.intake.domain.register import REGISTER, Enterprise, RegisterCommand
from services.intake.domain.state import IntakeState
from services.intake.domain.submission import sub_districts_by_word
from services.intake.domain.vault import VAULT, VaultCommand, VaultState
from services.intake.handlers import ROUTER_EVENTS, SLA_EVENTS
from services.intake.settings import IntakeSettings

SALT_BYTES: Final = 16
# Of other services' facts only these call for a decision; all are followed for the progress.
HEARD: Final = frozenset({*ROUTER_EVENTS.reads, *SLA_EVENTS.reads})


async def run(settings: IntakeSettings) -> None:
    async with open_process("intake", settings) as process:
        await run_process(process, compose(process, settings))


@dataclass(frozen=True, slots=True)
class Tools:
    """What turns requests into commands, shared by HTTP and Kafka."""

    submissions: Submissions
    actions: Actions
    enrolment: Enrolment
    officers: Officers
    gate: Gate


def compose(process: Process, settings: IntakeSettings) -> Parts:
    service = appeal_service(settings)
    tools = make_tools(settings)
    deciding: Mapping[Topic, AnySubscription[IntakeCommand]] = {
        Topic.SUBMISSIONS: tools.submissions.subscription(),
        Topic.ACTIONS: tools.actions.subscription(),
        Topic.ROUTER_EVENTS: ROUTER_EVENTS,
        Topic.SLA_EVENTS: SLA_EVENTS,
    }
    # Who asked by HTTP reads the refusal in the answer; who asked by Kafka reads it as an event.
    heard = replace(service, refusal=refusal)
    worker = IntakeWorker(DecidingWorker(heard, deciding, process.clock), tools.officers)
    return Parts(
        # Of the other topics every fact is looked at, by its header first.
        subscriptions={
            topic: deciding[topic] if topic.is_inbound else None for topic in READS["intake"]
        },
        worker=worker,
        routes=routes(process, service, tools, load_vault_rules(settings.vault_file)),
    )


def routes(
    process: Process,
    service: Service[IntakeCommand, IntakeState, AppealEvent],
    tools: Tools,
    rules: VaultRules,
) -> list[BaseRoute]:
    shell = (process.clock, process.appended)
    runner = Runner(process.pool, service, *shell)
    registrar = Runner(process.pool, register_service(), *shell)
    keeper = Runner(process.pool, vault_service(), *shell)
    gate, officers = tools.gate, tools.officers
    return [
        *IntakeApi(runner, tools.submissions, gate, process.clock, officers).routes(),
        *ActionsApi(runner, tools.actions, gate, process.clock).routes(),
        *RegisterApi(registrar, tools.enrolment, officers, gate, process.clock).routes(),
        *VaultApi(keeper, rules, gate).routes(),
    ]


def make_tools(settings: IntakeSettings) -> Tools:
    key = settings.fingerprint_key.get_secret_value().encode()
    places = load_catalogue().subdistricts
    sub_districts = sub_districts_by_word((place.code, place.name_zh) for place in places)
    partition = partial(partition_of, partitions=settings.kafka.partitions)
    new_salt = partial(secrets.token_bytes, SALT_BYTES)
    officers, gate = Officers(), load_gate(settings.credentials_file)
    return Tools(
        Submissions(
            fingerprint_key=key,
            sub_districts=sub_districts,
            partition_of=partition,
            new_salt=new_salt,
            subjects=SubjectKeys(key),
            officer_of=officers.of,
        ),
        Actions(key, new_salt, partition, SubjectKeys(key), SignedRecords(gate).check),
        Enrolment(key, sub_districts, partition),
        officers,
        gate,
    )


def appeal_service(
    settings: IntakeSettings,
) -> Service[IntakeCommand, IntakeState, AppealEvent]:
    return Service(
        name="intake",
        decider=intake_decider(load_rules(settings.screening_file)),
        read_event=reader(APPEAL_EVENTS),
        project=project,
        answer=answer,
    )


def register_service() -> Service[RegisterCommand, Enterprise, RegisterEvent]:
    return Service(
        name="intake",
        decider=REGISTER,
        read_event=reader(REGISTER_EVENTS),
        project=register.project,
    )


def vault_service() -> Service[VaultCommand, VaultState, VaultEvent]:
    return Service(
        name="intake", decider=VAULT, read_event=reader(VAULT_EVENTS), project=vault.project
    )


@dataclass(frozen=True, slots=True)
class IntakeWorker:
    """Decides on submissions, and follows other services' facts for those who ask how far."""

    deciding: DecidingWorker[IntakeCommand, IntakeState, AppealEvent]
    officers: Officers

    async def __call__(
        self, connection: Connection, records: Sequence[Record], /, *, heads_first: bool
    ) -> Worked:
        facts = [record for record in records if not record.topic.is_inbound]
        parked = await read_model.follow(connection, facts) if facts else []
        broken = {(one.record.topic, one.record.offset) for one in parked}
        to_decide = [
            record
            for record in records
            if record.topic.is_inbound
            or (record.text(TYPE) in HEARD and (record.topic, record.offset) not in broken)
        ]
        if not to_decide:
            return Worked(parked)
        await self.officers.look(connection)
        worked = await self.deciding(connection, to_decide, heads_first=heads_first)
        return replace(worked, parked=[*parked, *worked.parked])


async def project(
    connection: Connection, applied: Sequence[Applied[IntakeCommand, AppealEvent]], /
) -> None:
    await vault.keep(connection, applied)
    await read_model.project(connection, applied)
    await standing.project(connection, applied)


def answer(applied: Applied[IntakeCommand, AppealEvent]) -> Answer:
    if isinstance(applied.request.command, SubmitAppeal):
        return told(applied)
    return answer_with_types(applied)


def refusal(request: Request[IntakeCommand], error: RefusedError) -> AppealEvent | None:
    """An unknown appeal has no stream to tell it on: that record is parked instead."""
    if error.code == "unknown_appeal" or not isinstance(request.command, FromOutside):
        return None
    return IntakeActionRefused(
        appeal_id=request.command.appeal_id,
        command_id=request.command.asked.command_id,
        action=type(request.command).__name__,
        code=error.code,
        message_zh=error.message_zh,
        message_en=error.message_en,
    )
