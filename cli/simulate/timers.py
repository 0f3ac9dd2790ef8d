"""The sla service's timers without its table: the same rows, the same commands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cli.simulate.world import Member, World
from libs.common.execution.commands import Group
from libs.common.execution.decision import Applied
from services.sla.adapters.timer_rows import Row, Rows, lay
from services.sla.adapters.timer_store import SILENT, Timer, TimerKey
from services.sla.adapters.watermark import GRACE
from services.sla.domain.commands import FireStep
from services.sla.timers import request_of


@dataclass(slots=True)
class Timers:
    """A step fires when what came before it has been heard, as in the service (rule 17a)."""

    world: World
    sla: Member
    rows: dict[TimerKey, Timer] = field(default_factory=dict[TimerKey, Timer])

    def applied(self, applied: Sequence[Applied[Any, Any]]) -> None:
        rows: Rows = {}
        for one in applied:
            command = one.request.command
            if isinstance(command, FireStep) and not one.events:
                rows[command.appeal_id, command.clock] = Row.GONE
            for event in one.events:
                lay(rows, event)
        for key, row in rows.items():
            self.set(key, row)

    def set(self, key: TimerKey, row: Timer | Row) -> None:
        if not isinstance(row, Timer):
            self.rows.pop(key, None)
            return
        self.rows[key] = row
        if row.due_at != SILENT:
            self.world.at(row.due_at + GRACE, lambda: self.fire(key, row))

    def fire(self, key: TimerKey, timer: Timer) -> None:
        """Only what still stands: a row that was moved has an appointment of its own."""
        if self.rows.get(key) is timer:
            request = request_of(timer, self.world.now, self.world.now)
            self.world.execute(self.sla, [Group([request])])
