"""The SQL that lays facts over the read model: one statement a table, whatever the slice."""

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from typing import Any, Final

import orjson

from libs.common.eventstore.store import Connection
from services.dossier.domain.facts import Facts

# In id order, so that two writers can not wait for each other. What is not said stays. The rows
# come as one JSON text: thirty arrays take three times as long to encode.
UPSERT_APPEALS: Final = """
    INSERT INTO appeals AS a (
        appeal_id, chain_key, first_event_at, last_event_at, events, provisional, enterprise_id,
        enterprise_name, uscc, channel, source_id, title, sub_district, submitted_at, accepted_at,
        item, category, lead, urgency, confidence, intake_state, classifier_state, router_state,
        resolve_started_at, resolve_due, resolve_stopped_at, resolve_limit, dispatched_at,
        closed_at, confidentiality)
    SELECT * FROM json_to_recordset($1::json) AS n(
        appeal_id uuid, chain_key text, first_event_at timestamptz, last_event_at timestamptz,
        events int, provisional bool, enterprise_id uuid, enterprise_name text, uscc text,
        channel text, source_id text, title text, sub_district text, submitted_at timestamptz,
        accepted_at timestamptz, item text, category text, lead text, urgency text,
        confidence smallint, intake_state text, classifier_state text, router_state text,
        resolve_started_at timestamptz, resolve_due timestamptz, resolve_stopped_at timestamptz,
        resolve_limit text, dispatched_at timestamptz, closed_at timestamptz,
        confidentiality text)
    ON CONFLICT (appeal_id) DO UPDATE SET
        first_event_at     = least(a.first_event_at, excluded.first_event_at),
        last_event_at      = greatest(a.last_event_at, excluded.last_event_at),
        events             = a.events + excluded.events,
        provisional        = a.provisional OR excluded.provisional,
        enterprise_id      = coalesce(excluded.enterprise_id, a.enterprise_id),
        enterprise_name    = coalesce(excluded.enterprise_name, a.enterprise_name),
        uscc               = coalesce(excluded.uscc, a.uscc),
        channel            = coalesce(excluded.channel, a.channel),
        source_id          = coalesce(excluded.source_id, a.source_id),
        title              = coalesce(excluded.title, a.title),
        sub_district       = coalesce(excluded.sub_district, a.sub_district),
        submitted_at       = coalesce(excluded.submitted_at, a.submitted_at),
        accepted_at        = coalesce(excluded.accepted_at, a.accepted_at),
        item               = coalesce(excluded.item, a.item),
        category           = coalesce(excluded.category, a.category),
        lead               = coalesce(excluded.lead, a.lead),
        urgency            = CASE WHEN 'urgent' IN (a.urgency, excluded.urgency) THEN 'urgent'
                                  ELSE coalesce(excluded.urgency, a.urgency) END,
        confidence         = coalesce(excluded.confidence, a.confidence),
        intake_state       = coalesce(excluded.intake_state, a.intake_state),
        classifier_state   = coalesce(excluded.classifier_state, a.classifier_state),
        router_state       = coalesce(excluded.router_state, a.router_state),
        resolve_started_at = coalesce(excluded.resolve_started_at, a.resolve_started_at),
        resolve_due        = coalesce(excluded.resolve_due, a.resolve_due),
        resolve_stopped_at = CASE WHEN excluded.resolve_started_at > a.resolve_started_at
                                  THEN excluded.resolve_stopped_at
                                  ELSE least(excluded.resolve_stopped_at, a.resolve_stopped_at) END,
        resolve_limit      = coalesce(excluded.resolve_limit, a.resolve_limit),
        dispatched_at      = coalesce(excluded.dispatched_at, a.dispatched_at),
        closed_at          = coalesce(excluded.closed_at, a.closed_at),
        confidentiality    = coalesce(excluded.confidentiality, a.confidentiality)
"""
UPSERT_ENTERPRISES: Final = """
    INSERT INTO enterprises AS e (enterprise_id, name, uscc)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])
    ON CONFLICT (enterprise_id) DO UPDATE
    SET name = coalesce(excluded.name, e.name), uscc = coalesce(excluded.uscc, e.uscc)
    WHERE (coalesce(excluded.name, e.name), coalesce(excluded.uscc, e.uscc))
        IS DISTINCT FROM (e.name, e.uscc)
"""
# A level that fired twice is a fault of the clocks: it is kept to be seen, not hidden.
UPSERT_ESCALATIONS: Final = """
    INSERT INTO escalations AS e (appeal_id, clock, deadline_version, level, kind, step_at, late,
                                  fired)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::smallint[], $5::text[],
                         $6::timestamptz[], $7::bool[], $8::int[])
    ON CONFLICT (appeal_id, clock, deadline_version, level) DO UPDATE
    SET fired = e.fired + excluded.fired
"""
REVOKE: Final = """
    UPDATE escalations e SET revoked = true
    FROM unnest($1::uuid[], $2::text[], $3::int[], $4::smallint[])
        AS r(appeal_id, clock, deadline_version, level)
    WHERE (e.appeal_id, e.clock, e.deadline_version, e.level)
        = (r.appeal_id, r.clock, r.deadline_version, r.level)
"""
ESCALATION_COLUMNS: Final = attrgetter("kind", "step_at", "late", "fired")
ENTERPRISE_COLUMNS: Final = attrgetter("enterprise_id", "name", "uscc")


async def write_facts(connection: Connection, facts: Facts) -> None:
    if facts.appeals:
        appeals = sorted(facts.appeals.values(), key=attrgetter("appeal_id"))
        await connection.execute(UPSERT_APPEALS, orjson.dumps(appeals).decode())
    if facts.enterprises:
        enterprises = sorted(facts.enterprises.values(), key=attrgetter("enterprise_id"))
        rows = list(map(ENTERPRISE_COLUMNS, enterprises))
        await connection.execute(UPSERT_ENTERPRISES, *columns_of(rows))
    if facts.escalations:
        fired = sorted(facts.escalations.items(), key=itemgetter(0))
        levels = [(*rung, *ESCALATION_COLUMNS(fact)) for rung, fact in fired]
        await connection.execute(UPSERT_ESCALATIONS, *columns_of(levels))
    if facts.revoked:
        await connection.execute(REVOKE, *columns_of(facts.revoked))


def columns_of(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows turned into the arrays that `unnest` takes."""
    return list(zip(*rows, strict=True))
