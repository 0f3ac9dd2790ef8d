"""`python -m tests.journey.report [APPEALS]`: the figures of docs/guarantees.md, taken anew."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from tests.journey.residue import ANNOUNCED, UNANNOUNCED, masked_share
from tests.journey.scenario import Run, kill_everything, kill_one_of_two
from tests.support.ledger import Ledger

APPEALS: Final = 5_000
Scenario = Callable[[Path, int, int], Awaitable[tuple[Run, Ledger]]]
SCENARIOS: Final[dict[str, Scenario]] = {
    "one copy of each, all killed in turn and started again": kill_everything,
    "two copies of each, one of each killed for good": kill_one_of_two,
}


async def report(appeals: int) -> bool:
    good = True
    for name, scenario in SCENARIOS.items():
        with tempfile.TemporaryDirectory(prefix="appeals-report-") as folder:
            run, ledger = await scenario(Path(folder), appeals, appeals // 100)
        sys.stdout.write(f"{name}\n  {ledger.as_text()}\n  in flight at each kill: ")
        sys.stdout.write(", ".join(f"{who} {count}" for who, count in run.in_flight.items()))
        sys.stdout.write(f"\n  everything read {run.quiet_after_s:.1f} s after the last one\n")
        sys.stdout.writelines(f"  BROKEN {fault}\n" for fault in ledger.faults)
        good = good and ledger.is_balanced and not ledger.faults
    for name, share in (
        ("names that a label or a title announces", masked_share(ANNOUNCED)),
        ("names of the contact, anywhere", masked_share(UNANNOUNCED, known=True)),
        ("names that nothing announces", masked_share(UNANNOUNCED)),
    ):
        sys.stdout.write(f"masked {share[0]} of {share[1]} {name}\n")
    return good


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else APPEALS
    raise SystemExit(0 if asyncio.run(report(wanted)) else 1)
