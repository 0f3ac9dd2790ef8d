"""What operators watch of timers; labels never hold an appeal or a firm."""

from typing import Final

from libs.common.observability.metrics import Metrics

FIRE_SECONDS: Final = (1, 2, 2.5, 3, 4, 5, 10, 30, 60, 300, 3600, 86_400)


class TimerMetrics:
    def __init__(self, metrics: Metrics) -> None:
        self.timers = metrics.gauge("sla_timers", "running clocks of the partitions read here")
        self.due_now = metrics.gauge("sla_due_now", "steps whose time has come, not yet taken")
        self.overdue = metrics.gauge(
            "sla_oldest_overdue_seconds", "seconds since the time of the oldest step not yet taken"
        )
        self.fire_delay = metrics.histogram(
            "sla_fire_delay_seconds",
            "seconds from a step's time to its firing; old appeals start late and count too",
            FIRE_SECONDS,
        )
        self.fired = metrics.counter(
            "sla_timers_fired_total", "timers by what became of them", ("fate",)
        )
        self.confirmed_days = metrics.gauge(
            "calendar_confirmed_days_left", "days ahead that a published holiday notice covers"
        )
        self.confirmed_working_days = metrics.gauge(
            "calendar_confirmed_working_days_left",
            "working days ahead that a published holiday notice covers; below 30 it is overdue",
        )
