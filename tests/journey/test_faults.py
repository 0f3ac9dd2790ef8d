"""kill -9 of every process and server while thousands of appeals are on their way."""

from pathlib import Path

from libs.common.contracts.topics import SERVICES
from tests.journey.scenario import Run, kill_everything, kill_one_of_two
from tests.support.fleet import Copy
from tests.support.ledger import Ledger

APPEALS = 5_000
REPEATED = 50


def check(run: Run, ledger: Ledger) -> None:
    assert ledger.faults == ()
    assert ledger.is_balanced, ledger.as_text()
    assert ledger.accepted == APPEALS - REPEATED == ledger.dispatched + ledger.review
    # A sender that heard no answer sends again: those are repeats too.
    assert ledger.repeats == ledger.sent - ledger.accepted >= REPEATED
    assert ledger.parked == 0
    assert ledger.entries == ledger.events
    # A kill that found nothing to do would prove nothing.
    assert min(run.in_flight.values()) > 0


async def test_nothing_is_lost_or_doubled_when_each_service_and_server_is_killed(
    tmp_path: Path,
) -> None:
    run, ledger = await kill_everything(tmp_path, APPEALS, REPEATED)
    check(run, ledger)
    assert set(run.in_flight) == {*SERVICES, "Kafka", "PostgreSQL"}
    # Servers that go and come back end no process of ours.
    assert run.fleet.died == []


async def test_nothing_is_lost_or_doubled_when_one_of_two_copies_is_killed(
    tmp_path: Path,
) -> None:
    run, ledger = await kill_one_of_two(tmp_path, APPEALS, REPEATED)
    check(run, ledger)
    assert set(run.fleet.running) == {Copy(service, 1) for service in SERVICES}
