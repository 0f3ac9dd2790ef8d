"""`appeals erase`: personal data of one person leaves the vault, and the trail says so."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import orjson
import typer

from cli.dlq import with_process
from cli.erased_topic import erased_on_topic
from cli.options import AsJson
from cli.outcome import USAGE, CommandError
from libs.catalogue.org import SUPERVISION_OFFICE
from libs.common.contracts.envelope import Actor
from libs.common.contracts.intake_words import ErasureReason
from libs.common.errors import RefusedError
from libs.common.eventstore.store import Connection
from libs.common.execution.commands import Failed, Group, Repeated
from libs.common.execution.runner import Runner
from libs.common.runtime.process import Process
from services.intake.adapters import erasure
from services.intake.adapters.erasure import FoundOf, Order
from services.intake.adapters.subjects import SubjectKeys, read_subject
from services.intake.app import vault_service
from services.intake.domain.masking import mask
from services.intake.domain.vault import VaultCommand

Person = Annotated[str, typer.Option("--person", help="经办人编号。Who orders it, by id.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只看将删除什么。Show, erase nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问。Do not ask again.")]


@dataclass(frozen=True, slots=True)
class Report:
    """`erased` counts appeals; `letters` are refused records that held the person's data."""

    own: int
    mentioned: int
    letters: int
    erased: int
    dry_run: bool


def erase(  # noqa: PLR0913 - one a switch
    *,
    subject: Annotated[
        str | None,
        typer.Option(help="phone:、email:、document:、bank-card: 或 appeal: 加其值。Whom."),
    ] = None,
    legal_basis: Annotated[str | None, typer.Option(help="法律依据。On what basis in law.")] = None,
    mentions: Annotated[
        bool, typer.Option("--mentions", help="仅在他人诉求中被提及的也删除。Others' appeals too.")
    ] = False,
    reapply: Annotated[
        bool, typer.Option("--reapply", help="恢复备份后重做此前的删除。After a restore, again.")
    ] = False,
    person: Person = "cli",
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """依法删除保险库中的个人信息；链保持可验证。Erase a person from the vault; the chain stays."""
    if reapply:
        report = with_process("intake", lambda p: reapply_all(p, dry_run=dry_run))
        return tell(report, as_json=as_json)
    wanted, basis = checked(subject, legal_basis)
    confirm(dry_run=dry_run, yes=yes)
    report = with_process(
        "intake",
        lambda p: erase_subject(p, wanted, basis, person, with_mentions=mentions, dry_run=dry_run),
    )
    return tell(report, as_json=as_json)


def checked(subject: str | None, legal_basis: str | None) -> tuple[str, str]:
    if subject is None or legal_basis is None or not legal_basis.strip():
        zh = "请给出 --subject 和 --legal-basis（或用 --reapply）。"
        raise CommandError(zh, "Give --subject and --legal-basis, or --reapply.", code=USAGE)
    return subject, mask(legal_basis.strip()).text


def confirm(*, dry_run: bool, yes: bool) -> None:
    """A script is not asked: it has no terminal."""
    if dry_run or yes or not sys.stdin.isatty():
        return
    typer.confirm("删除后无法恢复，继续？ This can not be undone. Go on?", abort=True)


async def erase_subject(
    process: Process,
    written: str,
    legal_basis: str,
    person: str,
    *,
    with_mentions: bool,
    dry_run: bool,
) -> Report:
    try:
        subject = read_subject(written)
    except RefusedError as error:
        raise CommandError(error.message_zh, error.message_en, code=USAGE) from error
    keys = keys_of(process)
    found = await erasure.find_of(process.pool, keys, subject)
    fingerprint = None if subject.kind == "appeal" else keys.fingerprint(subject)
    ids = [*found.own, *(found.mentioned if with_mentions else ())]
    order = order_of(process, "subject_request", legal_basis, fingerprint, person)
    erased = 0 if dry_run else await carry_out(process, order, ids, found.letters)
    return report_of(found, erased, dry_run=dry_run)


async def reapply_all(process: Process, *, dry_run: bool) -> Report:
    """What the trail says was erased and a restored backup has brought back."""
    kafka = process.settings.kafka
    before = await erasure.erased_before(process.pool, await erased_on_topic(kafka))
    found = await erasure.still_there(process.pool, keys_of(process), before)
    if not dry_run:
        await erasure.remove(process.pool, found.own)
        await erasure.clear_letters(process.pool, found.letters)
    return report_of(found, 0 if dry_run else len(found.own), dry_run=dry_run)


def order_of(
    process: Process, reason: ErasureReason, legal_basis: str, subject: str | None, person: str
) -> Order:
    return Order(
        reason=reason,
        legal_basis=legal_basis,
        subject=subject,
        actor=Actor(kind="supervisor", id=person, unit=SUPERVISION_OFFICE),
        now=process.clock(),
    )


async def carry_out(
    process: Process, order: Order, appeal_ids: Sequence[UUID], letters: Sequence[int]
) -> int:
    """In parts, each whole: what was erased before an interruption stays erased."""
    runner = Runner(process.pool, vault_service(), process.clock, process.appended)
    erased = 0
    for start in range(0, len(appeal_ids), erasure.AT_ONCE):
        part = appeal_ids[start : start + erasure.AT_ONCE]

        async def claim(
            connection: Connection, part: Sequence[UUID] = part
        ) -> list[Group[VaultCommand]]:
            return await erasure.groups_of(connection, order, part)

        for result in await runner.run_claimed(claim):
            if isinstance(result, Failed):
                raise result.error
            if not isinstance(result, Repeated):
                erased += sum(len(one.events) for one in result)
    await erasure.clear_letters(process.pool, letters)
    return erased


def keys_of(process: Process) -> SubjectKeys:
    return SubjectKeys(process.settings.fingerprint_key.get_secret_value().encode())


def report_of(found: FoundOf, erased: int, *, dry_run: bool) -> Report:
    return Report(len(found.own), len(found.mentioned), len(found.letters), erased, dry_run)


def tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(report).decode())
        return
    found = (
        f"本人诉求 own {report.own}，仅被提及 mentioned {report.mentioned}，"
        f"退回记录 refused records {report.letters}"
    )
    done = (
        "未删除（--dry-run） nothing erased" if report.dry_run else f"已删除 erased {report.erased}"
    )
    typer.echo(f"{found}\n{done}")
