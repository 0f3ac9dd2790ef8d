"""Counts over all dossiers, as they are now."""

from typing import Any, Final

from services.dossier.domain.states import STATE_ZH, OverallState
from services.dossier.read_model.finding import Reader

TOTALS: Final = """
    SELECT count(*) AS appeals, count(dispatched_at) AS dispatched,
           count(*) FILTER (WHERE state = 'REVIEW_PENDING') AS in_review,
           count(*) FILTER (WHERE state = 'CLOSED') AS closed,
           count(*) FILTER (WHERE provisional) AS provisional,
           coalesce(sum(events), 0)::bigint AS appeal_events,
           min(resolve_due) FILTER (WHERE resolve_stopped_at IS NULL) AS next_resolve_due
    FROM appeals
"""
ESCALATIONS: Final = """
    SELECT count(*) FILTER (WHERE NOT revoked) AS escalations,
           count(*) FILTER (WHERE revoked) AS revoked_escalations,
           count(*) FILTER (WHERE fired > 1) AS escalations_fired_twice,
           count(DISTINCT appeal_id) FILTER (
               WHERE clock = 'resolve' AND kind = 'limit-passed' AND NOT revoked) AS overdue
    FROM escalations
"""
CHAINS: Final = """
    SELECT (SELECT count(*) FROM enterprises) AS enterprises,
           (SELECT count(*) FROM chain_heads) AS chains,
           (SELECT coalesce(sum(version), 0)::bigint FROM chain_heads) AS entries,
           (SELECT count(*) FROM projection_parked) AS parked_chains,
           (SELECT count(*) FROM dead_letters WHERE state = 'parked') AS dead_letters
"""
BY_STATE: Final = "SELECT state AS name, count(*) AS appeals FROM appeals GROUP BY 1"
BY_CATEGORY: Final = """
    SELECT category AS name, count(*) AS appeals FROM appeals
    WHERE category IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
BY_LEAD: Final = """
    SELECT lead AS name, count(*) AS appeals FROM appeals
    WHERE lead IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
BY_LEVEL: Final = """
    SELECT clock, level, kind, count(*) AS escalations, count(*) FILTER (WHERE late) AS late
    FROM escalations WHERE NOT revoked GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


async def overview(connection: Reader) -> dict[str, Any]:
    """Times as datetime, counts as int; the states in the order of an appeal's life."""
    totals = await connection.fetchrow(TOTALS)
    escalations = await connection.fetchrow(ESCALATIONS)
    chains = await connection.fetchrow(CHAINS)
    states = {row["name"]: row["appeals"] for row in await connection.fetch(BY_STATE)}
    return {
        **dict(totals or {}),
        **dict(escalations or {}),
        **dict(chains or {}),
        "by_state": [
            {"state": state.value, "state_zh": STATE_ZH[state], "appeals": states[state.value]}
            for state in OverallState
            if state.value in states
        ],
        "by_category": [dict(row) for row in await connection.fetch(BY_CATEGORY)],
        "by_lead": [dict(row) for row in await connection.fetch(BY_LEAD)],
        "escalations_by_level": [dict(row) for row in await connection.fetch(BY_LEVEL)],
    }
