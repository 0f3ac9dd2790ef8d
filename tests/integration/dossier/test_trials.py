"""Some of the trials that `python -m tests.trials` runs a thousand of."""

from tests.support.databases import Database
from tests.trials.attacks import ATTACKS
from tests.trials.running import run_trials


async def test_every_attack_is_found_and_nothing_else(database: Database) -> None:
    table = await run_trials(database, attacks=4 * len(ATTACKS), clean=12, seed=7)
    assert table.found == table.tried
    assert set(table.tried) == set(ATTACKS)
    assert (table.clean, table.false_alarms) == (12, 0)
