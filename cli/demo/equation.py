"""Whether every row is accounted for: the question that the demo answers with its exit code."""

from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from libs.common.contracts.classifier import ReviewRequired
from libs.common.contracts.intake import AppealAccepted
from libs.common.contracts.router import AppealDispatched
from libs.common.contracts.sla import ClocksStarted
from libs.common.contracts.topics import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`lost` names appeals that are neither dispatched, in review nor parked."""

    sent: int
    dispatched: int
    review: int
    parked: int
    refused: int
    repeats: int
    lost: tuple[str, ...] = ()
    without_clocks: tuple[str, ...] = ()
    not_in_dossier: tuple[str, ...] = ()

    @property
    def accounted(self) -> int:
        return self.dispatched + self.review + self.parked + self.refused + self.repeats

    @property
    def holds(self) -> bool:
        missing = self.lost or self.without_clocks or self.not_in_dossier
        return self.sent == self.accounted and not missing

    def as_text(self) -> str:
        sign = "=" if self.sent == self.accounted else "≠"
        return (
            f"{self.sent} sent 来件 {sign} {self.dispatched} dispatched 已派 "
            f"+ {self.review} review 转人工 + {self.parked} parked 暂存 "
            f"+ {self.refused} refused 退回 + {self.repeats} repeats 重复"
        )


# By the owners' own events; a person's decision later moves an appeal from review to dispatched.
PLACES: Final = """
    WITH accepted AS (SELECT subject, key FROM intake.events WHERE type = $1),
    dispatched AS (SELECT DISTINCT subject FROM router.events WHERE type = $2),
    review AS (SELECT DISTINCT subject FROM classifier.events WHERE type = $3),
    parked AS (SELECT key FROM classifier.dead_letters WHERE state = 'parked'
               UNION SELECT key FROM router.dead_letters WHERE state = 'parked'),
    placed AS (
        SELECT a.subject, d.subject IS NOT NULL AS is_dispatched,
               r.subject IS NOT NULL AS in_review,
               a.key IN (SELECT key FROM parked) AS is_parked
        FROM accepted a LEFT JOIN dispatched d USING (subject) LEFT JOIN review r USING (subject))
    SELECT count(*) FILTER (WHERE is_dispatched) AS dispatched,
           count(*) FILTER (WHERE in_review AND NOT is_dispatched) AS review,
           count(*) FILTER (WHERE is_parked AND NOT is_dispatched AND NOT in_review) AS parked,
           coalesce(array_agg(subject) FILTER (
               WHERE NOT (is_dispatched OR in_review OR is_parked)), '{}') AS lost
    FROM placed
"""
WITHOUT_CLOCKS: Final = """
    SELECT subject FROM intake.events WHERE type = $1
    EXCEPT SELECT subject FROM sla.events WHERE type = $2
"""
NOT_IN_DOSSIER: Final = """
    SELECT i.subject FROM intake.events i WHERE i.type = $1
    EXCEPT SELECT appeal_id::text FROM dossier.appeals WHERE accepted_at IS NOT NULL
"""
INBOUND: Final = """
    SELECT (SELECT count(*) FROM intake.dead_letters WHERE state = 'parked' AND topic = $1)
               AS parked,
           (SELECT coalesce(sum(repeats), 0)::bigint FROM intake.command_answers) AS repeats
"""


async def take_account(
    connection: "asyncpg.Connection[asyncpg.Record]", *, sent: int, refused: int
) -> Account:
    """`sent` counts rows of the file, `refused` those that never left it."""
    types = (AppealAccepted.TYPE, AppealDispatched.TYPE, ReviewRequired.TYPE)
    placed: Any = await connection.fetchrow(PLACES, *types)
    inbound: Any = await connection.fetchrow(INBOUND, Topic.SUBMISSIONS)
    clockless = await connection.fetch(WITHOUT_CLOCKS, AppealAccepted.TYPE, ClocksStarted.TYPE)
    missing = await connection.fetch(NOT_IN_DOSSIER, AppealAccepted.TYPE)
    return Account(
        sent=sent,
        dispatched=placed["dispatched"],
        review=placed["review"],
        parked=placed["parked"] + inbound["parked"],
        refused=refused,
        repeats=inbound["repeats"],
        lost=tuple(placed["lost"]),
        without_clocks=tuple(row["subject"] for row in clockless),
        not_in_dossier=tuple(row["subject"] for row in missing),
    )
