"""`appeals verify` as the shell calls it."""

import asyncio
import os
import re
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from cli.bundling import verify_bundle
from cli.deployment import checkpoint_folder
from cli.options import AsJson
from cli.outcome import USAGE, CommandError
from cli.reach import Reach, servers_here
from cli.signing import folder_here, key_from
from cli.verify import Asked, verify_command
from libs.common.clock import system_clock
from services.dossier.adapters.signing_keys import pinned
from services.dossier.adapters.witness_files import read_notes
from services.dossier.domain.note import VerifierKey
from services.dossier.domain.witness import Trust

COPIES: Final = "APPEALS_CHECKPOINT_DIR"
SPAN: Final = re.compile(r"([1-9][0-9]{0,8}):([1-9][0-9]{0,8})")


Enterprise = Annotated[
    str | None, typer.Argument(help="企业；不写则全部。One enterprise, or else all.")
]
All = Annotated[bool, typer.Option("--all", help="全部档案链。Every chain, as without a name.")]
Source = Annotated[
    Literal["database", "kafka"], typer.Option("--from", help="证据来源。Where to read.")
]
Everywhere = Annotated[
    bool, typer.Option(help="并与各服务的表和主题核对。Also compare tables and topics.")
]
Span = Annotated[
    str | None, typer.Option(help="只重算这段检查点的内容。Bytes of these alone, like 3:9.")
]
Copies = Annotated[Path | None, typer.Option(help="外部留存的检查点。An outsider's checkpoints.")]
PublicKey = Annotated[
    list[str] | None, typer.Option(help="公钥或其文件。A public key, or its file.")
]
Bundle = Annotated[
    Path | None, typer.Option(help="只核验这个证据包文件。A bundle's file, and nothing else.")
]
Record = Annotated[bool, typer.Option(help="把结果记为事件。Keep the result as event.")]


def verify(  # noqa: PLR0913 - the command's own options
    *,
    enterprise: Enterprise = None,
    all_chains: All = False,
    source: Source = "database",
    everywhere: Everywhere = False,
    checkpoints: Span = None,
    copies: Copies = None,
    key: PublicKey = None,
    bundle: Bundle = None,
    record: Record = True,
    as_json: AsJson = False,
) -> None:
    """重新计算档案链、树和签名；不符时退出码 3。Recompute chains, tree, signatures; 3 if broken."""
    require_one(enterprise, all_chains or checkpoints or source == "kafka")
    if bundle:
        raise typer.Exit(verify_bundle(bundle, trusted(key), as_json=as_json))
    asked = Asked(
        dsn=(reach := servers_here()).dsn,
        trust=Trust(keys=trusted(key), now=system_clock()),
        enterprise=enterprise,
        span=span_of(checkpoints),
        copies=copies_here(copies, reach),
        kafka=reach.kafka,
        from_topics=source == "kafka",
        everywhere=everywhere,
        record=record,
        as_json=as_json,
    )
    raise typer.Exit(asyncio.run(verify_command(asked)))


def require_one(enterprise: str | None, more: object) -> None:
    if enterprise is not None and more:
        raise both_named()


def trusted(named: list[str] | None) -> list[VerifierKey]:
    """Those that the command names, else those that are pinned here."""
    return [key_from(one) for one in named] if named else pinned(folder_here(None))


def copies_here(named: Path | None, reach: Reach) -> list[tuple[str, str]]:
    """An empty or missing folder is no copy; one that was named must be there."""
    if named is not None and not named.is_dir():
        raise no_folder(named)
    from_environment = os.environ.get(COPIES)
    folder = named or (Path(from_environment) if from_environment else None)
    if folder is None and reach.root is not None:
        folder = checkpoint_folder(reach.root)
    return read_notes(folder) if folder is not None else []


def span_of(written: str | None) -> tuple[int, int] | None:
    if written is None:
        return None
    found = SPAN.fullmatch(written)
    if found is None or int(found[1]) > int(found[2]):
        raise no_span()
    return int(found[1]), int(found[2])


def both_named() -> CommandError:
    return CommandError(
        "企业不能与 --all、--checkpoints 或 --from kafka 同用。",
        "An enterprise can not be named with --all, --checkpoints or --from kafka.",
        code=USAGE,
    )


def no_span() -> CommandError:
    return CommandError(
        "检查点范围应写作 首:末，例如 3:9。",
        "Write checkpoints as FIRST:LAST, like 3:9.",
        code=USAGE,
    )


def no_folder(path: Path) -> CommandError:
    return CommandError(
        f"没有目录 {path}，请核对 --copies。",
        f"There is no folder {path}: check --copies.",
        code=USAGE,
    )
