"""What a long command says as it goes: on stderr, with the seconds since it began."""

from dataclasses import dataclass, field
from time import monotonic

from rich.console import Console


@dataclass(frozen=True, slots=True)
class Narrator:
    """On a terminal the Chinese and the English line; else one plain line with both."""

    console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))
    began: float = field(default_factory=monotonic)

    @property
    def elapsed_s(self) -> float:
        return monotonic() - self.began

    def say(self, zh: str, en: str) -> None:
        stamp = f"{self.elapsed_s:5.1f} s"
        if self.console.is_terminal:
            self.console.print(f"[dim]{stamp}[/]  {zh}  [dim]{en}[/]")
        else:
            self.console.print(f"{stamp}  {zh} / {en}", soft_wrap=True, markup=False)

    def jar(self, here: int, in_all: int, name: str) -> None:
        """Progress of Kafka's jars, which are fetched once."""
        if name:
            self.say(
                f"下载 Kafka 组件 {here + 1}/{in_all}",
                f"fetching Kafka {here + 1}/{in_all}: {name}",
            )
