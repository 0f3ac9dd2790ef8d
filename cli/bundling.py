"""`appeals bundle`, and `appeals verify --bundle`: evidence that needs no running service."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import asyncpg
import typer

from cli.audit.recording import SEARCH_PATH, record_fact
from cli.options import AsJson
from cli.outcome import FAILURE, NOT_VERIFIED, OK, USAGE, CommandError
from cli.reach import servers_here
from cli.verify import KINDS
from libs.common.clock import system_clock
from libs.common.contracts.dossier import Exported
from services.dossier.adapters.bundling import (
    NothingSignedError,
    Written,
    enterprise_bundle,
    whole_bundle,
)
from services.dossier.domain.bundle_checking import check_bundle
from services.dossier.domain.bundle_courses import BundleVerdict
from services.dossier.domain.note import VerifierKey
from services.dossier.domain.witness import Trust
from services.dossier.read_model.finding import AmbiguousError, NotFoundError, find

DEFAULT_PURPOSE: Final = "audit"


def bundle(
    *,
    enterprise: Annotated[
        str | None, typer.Argument(help="企业；或用 --all。One enterprise, or --all.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部。Everything.")] = False,
    out: Annotated[Path, typer.Option(help="写到这个文件。The file to write.")],
    purpose: Annotated[
        str, typer.Option(help="用途，记入档案。What for; kept in the dossier.")
    ] = DEFAULT_PURPOSE,
    as_json: AsJson = False,
) -> None:
    """导出证据包：记录、证明、检查点；公钥另行交付。Entries, proofs and checkpoints as one file."""
    if (enterprise is None) == (not everything):
        raise one_of_both()
    written = asyncio.run(write_bundle(servers_here().dsn, enterprise, out, purpose))
    if as_json:
        typer.echo(json.dumps({"entries": written.entries, "sha256": written.fingerprint}))
        return
    typer.echo(f"{out}: {written.entries} 条记录 entries, SHA-256 {written.fingerprint}")


async def write_bundle(dsn: str, enterprise: str | None, out: Path, purpose: str) -> Written:
    """The file is there whole or not at all. Raises CommandError."""
    connection = await asyncpg.connect(dsn, server_settings=SEARCH_PATH, timeout=10)
    written, chain_key = Written(), None
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("SET LOCAL statement_timeout = 0")
            if enterprise is not None:
                chain_key = (await find(connection, enterprise)).chain_key
                lines = enterprise_bundle(connection, chain_key, written)
            else:
                lines = whole_bundle(connection, written)
            await write_lines(lines, out)
    except (NotFoundError, AmbiguousError) as error:
        zh, _, en = str(error).partition(" / ")
        raise CommandError(zh, en, code=USAGE) from error
    except NothingSignedError as error:
        raise nothing_signed() from error
    finally:
        await connection.close()
    await record_fact(dsn, exported(written, purpose))
    return written


async def write_lines(lines: AsyncIterator[bytes], out: Path) -> None:
    new = out.with_name(f".{out.name}.new")
    try:
        with new.open("wb") as file:
            async for line in lines:
                file.write(line)
        new.replace(out)
    finally:
        new.unlink(missing_ok=True)


def exported(written: Written, purpose: str) -> Exported:
    return Exported(
        appeal_id=None,
        enterprise_id=None,
        what="bundle",
        format="jsonl",
        view="full",
        purpose=purpose[:500] or DEFAULT_PURPOSE,
        rows=written.entries,
        fingerprint=written.fingerprint,
    )


def verify_bundle(file: Path, keys: Sequence[VerifierKey], *, as_json: bool) -> int:
    """0 whole, 3 not. Raises CommandError without a key, and OSError for a file that is none."""
    if not keys:
        raise no_key()
    with file.open("rb") as lines:
        verdict = check_bundle(lines, Trust(keys=keys, now=system_clock()))
    if as_json:
        typer.echo(json.dumps(verdict.as_json(), ensure_ascii=False))
    else:
        typer.echo("\n".join(lines_of(verdict)))
    return OK if verdict.is_whole else NOT_VERIFIED


def lines_of(verdict: BundleVerdict) -> list[str]:
    counts = f"{verdict.chains} 条链 chains, {verdict.entries} 条记录 entries"
    signed = f"{verdict.checkpoints} 个检查点 checkpoints"
    one = verdict.first_break
    if one is None:
        return [f"完整 whole: {counts}, {signed}, {verdict.algorithm}, root {verdict.root}"]
    zh, en = KINDS[one.kind]
    return [
        f"已损坏 BROKEN: 第 {one.line} 行 line {one.line}: {zh} {en}",
        f"  应为 expected {one.expected}",
        f"  实为 found    {one.found}",
    ]


def one_of_both() -> CommandError:
    return CommandError(
        "请写一家企业，或 --all，不能都写。", "Name an enterprise or --all, not both.", code=USAGE
    )


def nothing_signed() -> CommandError:
    return CommandError(
        "尚无检查点覆盖它。请确认档案服务在运行并有签名密钥（appeals keys make），稍后再试。",
        "No checkpoint covers it yet. See that the dossier runs and has a signing key "
        "(`appeals keys make`), and try again in a minute.",
        code=FAILURE,
    )


def no_key() -> CommandError:
    return CommandError(
        "核验证据包需要公钥：用 --key 给出，或先 appeals keys pin。",
        "A bundle is verified by a public key: give --key, or run `appeals keys pin` first.",
        code=USAGE,
    )
