"""`appeals retention`: what has been kept long enough by its channel's schedule is erased."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import orjson
import typer

from cli.dlq import with_process
from cli.erase import DryRun, Person, carry_out, order_of
from cli.options import AsJson
from libs.common.runtime.process import Process
from services.intake.adapters import erasure
from services.intake.adapters.rule_files import load_retention
from services.intake.domain.retention import RetentionRules


def retention(
    *,
    file: Annotated[
        Path | None, typer.Option(help="自有的保存期限文件。A schedule file of your own.")
    ] = None,
    person: Person = "schedule",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """按渠道的保存期限删除到期的个人信息。Erase what its channel's schedule keeps no longer."""
    rules = load_retention(file)
    counts = with_process("intake", lambda p: apply(p, rules, person, dry_run=dry_run))
    if as_json:
        body = {"version": rules.version, "dry_run": dry_run, "expired": counts}
        typer.echo(orjson.dumps(body).decode())
        return
    word = "到期 expired" if dry_run else "已删除 erased"
    typer.echo(f"保存期限 schedule {rules.version}：{word} {sum(counts.values())}")
    for channel, count in sorted(counts.items()):
        typer.echo(f"  {channel}: {count}")


async def apply(
    process: Process, rules: RetentionRules, person: str, *, dry_run: bool
) -> dict[str, int]:
    """Counts by channel of what is past its time; erased unless it is a dry run."""
    expired = await erasure.find_expired(process.pool, rules, process.clock())
    if not dry_run:
        basis = f"{rules.legal_basis} [{rules.version}]"
        order = order_of(process, "retention", basis, None, person)
        await carry_out(process, order, list(expired), ())
    return dict(Counter(expired.values()))
