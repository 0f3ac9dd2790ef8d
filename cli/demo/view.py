"""How far the demo is, as it goes: a table on a terminal, else one plain line a second."""

from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli.demo.counting import Counts
from cli.narrator import Narrator

LINE_EVERY_S: Final = 1.0
RATE_OVER_S: Final = 2.0
BAR_WIDTH: Final = 28


@dataclass(slots=True)
class View:
    """`sent` counts records that Kafka has; `rows` is what the file holds."""

    narrator: Narrator
    rows: int
    refused: int
    sent: int = 0
    counts: Counts = field(default_factory=Counts)
    seen: deque[tuple[float, int]] = field(default_factory=deque[tuple[float, int]])
    line_at: float = 0.0
    live: Live | None = None

    def __enter__(self) -> Self:
        if self.narrator.console.is_terminal:
            self.live = Live(
                self.table(), console=self.narrator.console, refresh_per_second=8, transient=True
            )
            self.live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.live is not None:
            self.live.stop()
        if error is None:
            self.leave_behind()

    def leave_behind(self) -> None:
        """What stays on the screen when the view is over."""
        if self.live is not None:
            self.narrator.console.print(self.table())
        else:
            self.narrator.console.print(self.line(), soft_wrap=True, markup=False)

    def show(self, counts: Counts) -> None:
        self.counts = counts
        now = self.narrator.elapsed_s
        self.seen.append((now, counts.events))
        while now - self.seen[0][0] > RATE_OVER_S:
            self.seen.popleft()
        if self.live is not None:
            self.live.update(self.table())
        elif now - self.line_at >= LINE_EVERY_S:
            self.line_at = now
            self.narrator.console.print(self.line(), soft_wrap=True, markup=False)

    @property
    def rate(self) -> float:
        """Events a second, over the last two."""
        (t0, n0), (t1, n1) = (self.seen[0], self.seen[-1]) if self.seen else ((0.0, 0), (0.0, 0))
        return (n1 - n0) / (t1 - t0) if t1 > t0 else 0.0

    def stages(self) -> list[tuple[str, str, int, int | None]]:
        """Chinese, English, how many, and out of how many where that is known."""
        counts, accepted = self.counts, self.counts.accepted or None
        new = self.sent - counts.repeats - counts.dead.get("intake", 0)
        sure = (accepted or 0) - counts.in_review
        return [
            ("已发送", "sent", self.sent, self.rows - self.refused),
            ("已受理", "accepted", counts.accepted, new),
            ("已分类", "classified", counts.classified, sure),
            ("转人工", "in review", counts.in_review, None),
            ("已派单", "dispatched", counts.dispatched, counts.classified or None),
            ("计时", "clocks", counts.clocks, None),
            ("预警、督办、提级", "escalations", counts.escalations, None),
            ("结案", "closed", counts.closed, None),
            ("入档", "in dossier", counts.entries, counts.events if counts.stored else None),
        ]

    def table(self) -> RenderableType:
        table = Table(box=None, padding=(0, 1), show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, style="dim")
        table.add_column(justify="right", style="bold", min_width=7)
        table.add_column(width=BAR_WIDTH)
        for zh, en, number, of in self.stages():
            bar: RenderableType = ""
            if of:
                bar = ProgressBar(total=of, completed=min(number, of), width=BAR_WIDTH)
            table.add_row(zh, en, f"{number:,}", bar)
        foot = f"  {self.rate:,.0f} 条/秒 events/s   积压 lag {self.counts.lag:,}   "
        return Group(table, Text(foot + f"{self.narrator.elapsed_s:.0f} s", style="cyan"))

    def line(self) -> str:
        counts = "  ".join(f"{en} {number:,}" for _, en, number, _ in self.stages())
        stored = self.counts.events if self.counts.stored else 0
        return (
            f"{self.narrator.elapsed_s:5.1f} s  {counts}/{stored:,}  "
            f"{self.rate:,.0f} events/s  lag {self.counts.lag:,}"
        )
