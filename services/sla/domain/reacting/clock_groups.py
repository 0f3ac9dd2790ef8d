"""Clocks that go together. The first of each speaks for all of it."""

from typing import Final

from libs.common.contracts.values import ClockName

FROM_ACCEPTANCE: Final[tuple[ClockName, ...]] = ("resolve", "contact", "interim")
FROM_DISPATCH: Final[tuple[ClockName, ...]] = ("sign", "return_window")
FROM_APPROVAL: Final[tuple[ClockName, ...]] = ("callback",)
# What a question to the firm lets rest: nobody can work without the answer.
PAUSED_BY_LEAD: Final[tuple[ClockName, ...]] = FROM_ACCEPTANCE
PAUSED_BY_INTAKE: Final[tuple[ClockName, ...]] = ("accept",)
# What a result answers: whoever answers has made contact at the latest now.
ENDED_BY_RESULT: Final[tuple[ClockName, ...]] = ("contact", "interim", "milestone", "ruling")
# What goes on until the result is approved, in silence.
JUDGED_WITH_RESULT: Final[tuple[ClockName, ...]] = ("resolve", "rectify")
