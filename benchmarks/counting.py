"""How far the pipeline is, by small tables that are cheap to ask ten times a second."""

import asyncio
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Final

from benchmarks.staging import Stage

EVERY_S: Final = 0.1
# So long without a change that nothing is on its way any more.
QUIET_S: Final = 1.5
COUNTS: Final = """
    SELECT (SELECT sum(last_sequence) FROM intake.partition_heads)::bigint AS intake,
           (SELECT sum(last_sequence) FROM classifier.partition_heads)::bigint AS classifier,
           (SELECT sum(last_sequence) FROM router.partition_heads)::bigint AS router,
           (SELECT sum(last_sequence) FROM sla.partition_heads)::bigint AS sla,
           (SELECT sum(last_sequence) FROM dossier.consumer_offsets)::bigint AS dossier
"""
# Counted in the tables themselves: what the sums above say must be there.
TOTALS: Final = """
    SELECT (SELECT count(*) FROM dossier.entries) AS entries,
           (SELECT count(*) FROM dossier.appeals) AS appeals,
           (SELECT count(*) FROM intake.events WHERE type = 'intake.appeal-submitted.v1')
               AS submitted,
           (SELECT count(*) FROM classifier.events WHERE type = 'classifier.review-required.v1')
               AS review,
           (SELECT count(*) FROM router.events WHERE type = 'router.appeal-dispatched.v1')
               AS dispatched,
           (SELECT count(*) FROM intake.dead_letters)
               + (SELECT count(*) FROM classifier.dead_letters)
               + (SELECT count(*) FROM router.dead_letters)
               + (SELECT count(*) FROM sla.dead_letters)
               + (SELECT count(*) FROM dossier.dead_letters) AS dead_letters
"""


class NotWholeError(Exception):
    """Not every appeal came through, or not in time: there is no figure to tell."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Events of each service, and those that the dossier has chained."""

    intake: int
    classifier: int
    router: int
    sla: int
    dossier: int

    @property
    def events(self) -> int:
        return self.intake + self.classifier + self.router + self.sla

    def since(self, before: "Counts") -> "Counts":
        mine, theirs = asdict(self), asdict(before)
        return Counts(**{name: mine[name] - theirs[name] for name in mine})


@dataclass(frozen=True, slots=True)
class Sample:
    """`at` on the monotonic clock."""

    at: float
    counts: Counts


async def counts(stage: Stage) -> Counts:
    row = await stage.admin.fetchrow(COUNTS)
    return Counts(**dict(row or {}))


async def totals(stage: Stage) -> dict[str, int]:
    return dict(await stage.admin.fetchrow(TOTALS) or {})


async def watch(stage: Stage, before: Counts, appeals: int, within_s: float) -> list[Sample]:
    """Samples up to the first that has all. Raises NotWholeError when they do not come in time."""
    samples: list[Sample] = []
    deadline = monotonic() + within_s
    while monotonic() < deadline:
        now = Sample(monotonic(), (await counts(stage)).since(before))
        if not samples or samples[-1].counts != now.counts:
            samples.append(now)
        elif is_whole(now.counts, appeals) and now.at - samples[-1].at > QUIET_S:
            return samples
        await asyncio.sleep(EVERY_S)
    problem = f"{appeals} appeals, and after {within_s:.0f} s only {samples[-1].counts}"
    raise NotWholeError(problem)


def is_whole(now: Counts, appeals: int) -> bool:
    return min(now.classifier, now.sla) >= appeals and now.dossier == now.events
