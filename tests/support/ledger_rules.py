"""What must hold after a run: SQL over all schemas that returns the rows that break it."""

# ruff: noqa: S608 - every name in these statements is ours

from collections.abc import Iterator
from typing import Final

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ReviewRequired,
)
from libs.common.contracts.intake import AppealAccepted, AppealSubmitted
from libs.common.contracts.router import AppealDispatched
from libs.common.contracts.sla import (
    ClocksResumed,
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
    DeadlineSet,
    LevelRaised,
    LimitPassed,
    Notified,
    Supervised,
    Urged,
    WarningRaised,
)
from libs.common.contracts.topics import READS, SERVICES, ServiceName, topic_of
from libs.common.ids import SYSTEM_KEY

WRITERS: Final[tuple[ServiceName, ...]] = ("intake", "classifier", "router", "sla")
STEPS: Final = ", ".join(
    f"'{one.TYPE}'"
    for one in (WarningRaised, Urged, LimitPassed, Supervised, LevelRaised, Notified)
)

# Each appeal once at each of its turning points, and at one end only.
APPEALS: Final = {
    "an appeal was submitted, accepted, classified or dispatched twice": f"""
        SELECT subject || ' ' || type FROM all_events
        WHERE type IN ('{AppealSubmitted.TYPE}', '{AppealAccepted.TYPE}', '{ReviewRequired.TYPE}',
                       '{AppealClassified.TYPE}', '{AppealDispatched.TYPE}')
        GROUP BY subject, type HAVING count(*) > 1""",
    "an accepted appeal is nowhere": """
        SELECT subject FROM places WHERE dispatched + review + parked = 0""",
    "an accepted appeal is in two places": """
        SELECT subject FROM places WHERE dispatched + review + parked > 1""",
    "an appeal is known that was not accepted": f"""
        SELECT DISTINCT subject FROM all_events WHERE convert_from(key, 'UTF8') <> '{SYSTEM_KEY}'
        EXCEPT SELECT subject FROM intake.events WHERE type = '{AppealAccepted.TYPE}'""",
    "the vault holds not exactly the accepted appeals": f"""
        SELECT coalesce(a.subject, v.appeal_id::text) FROM
            (SELECT subject FROM intake.events WHERE type = '{AppealAccepted.TYPE}') AS a
            FULL JOIN intake.vault v ON v.appeal_id::text = a.subject
        WHERE a.subject IS NULL OR v.appeal_id IS NULL""",
}
DOSSIER: Final = {
    "an event is missing in the dossier, or there without its source, or with other bytes": """
        SELECT coalesce(e.service, d.service) || '/' || coalesce(e.partition, d.partition) || '/'
            || coalesce(e.sequence, d.sequence)
        FROM all_events e FULL JOIN dossier.entries d USING (service, partition, sequence)
        WHERE e.body IS DISTINCT FROM d.value OR convert_from(e.key, 'UTF8') <> d.chain_key
           OR e.event_id <> d.event_id""",
    "an event is in the dossier twice": """
        SELECT event_id::text FROM dossier.entries GROUP BY 1 HAVING count(*) > 1
        UNION ALL SELECT service || '/' || partition || '/' || sequence FROM dossier.entries
        GROUP BY service, partition, sequence HAVING count(*) > 1""",
    "an appeal is in two chains": """
        SELECT subject FROM dossier.entries GROUP BY 1 HAVING count(DISTINCT chain_key) > 1""",
    "an accepted appeal has no file": f"""
        SELECT subject FROM intake.events WHERE type = '{AppealAccepted.TYPE}'
        EXCEPT SELECT appeal_id::text FROM dossier.appeals WHERE accepted_at IS NOT NULL""",
    "a file counts other events than its chain has": """
        SELECT a.appeal_id::text FROM dossier.appeals a
        LEFT JOIN (SELECT subject, count(*) AS n FROM dossier.entries GROUP BY 1) AS e
            ON e.subject = a.appeal_id::text
        WHERE a.events <> coalesce(e.n, 0)""",
}
CLOCKS: Final = {
    "an accepted appeal has no resolve clock": f"""
        SELECT subject FROM intake.events WHERE type = '{AppealAccepted.TYPE}'
        EXCEPT SELECT subject FROM sla_clocks WHERE clock = 'resolve'""",
    "a dispatched appeal has no sign clock": f"""
        SELECT subject FROM router.events WHERE type = '{AppealDispatched.TYPE}'
        EXCEPT SELECT subject FROM sla_clocks WHERE clock = 'sign'""",
    "a clock was started twice": """
        SELECT subject || ' ' || clock FROM sla_clocks
        GROUP BY subject, clock, deadline_version HAVING count(*) > 1""",
    "a step was taken twice": f"""
        SELECT subject || ' ' || step FROM (
            SELECT subject, concat_ws(' ', data->>'clock', data->>'deadline_version',
                                      data->>'level') AS step
            FROM sla_data WHERE type IN ({STEPS})) AS taken
        GROUP BY subject, step HAVING count(*) > 1""",
    "a step was taken before its time": f"""
        SELECT subject FROM sla_data WHERE type IN ({STEPS})
        AND (data->>'step_at')::timestamptz > told_at""",
    "a step counts otherwise in the dossier": """
        SELECT appeal_id::text FROM dossier.escalations WHERE fired <> 1""",
    "a timer is not what its clock's events say": """
        SELECT coalesce(w.subject, t.appeal_id::text) || ' ' || coalesce(w.clock, t.clock)
        FROM (SELECT * FROM wanted_timers WHERE level IS NOT NULL) AS w
        FULL JOIN (SELECT * FROM sla.timers WHERE due_at < 'infinity') AS t
            ON t.appeal_id::text = w.subject AND t.clock = w.clock
        WHERE (w.level, w.due_at) IS DISTINCT FROM (t.level::int, t.due_at)""",
}


def of_each_service() -> Iterator[tuple[str, str]]:
    for name in WRITERS:
        yield (
            f"{name}: the numbers have a gap, or end elsewhere than the head or what was sent",
            f"""SELECT h.partition::text FROM {name}.partition_heads h
                JOIN {name}.relay_positions r USING (partition)
                LEFT JOIN (SELECT partition, count(*) AS n, min(sequence) AS low,
                                  max(sequence) AS high FROM {name}.events GROUP BY 1) AS e
                    USING (partition)
                WHERE (h.last_sequence, h.last_sequence, r.sent_sequence, h.last_sequence)
                    <> (coalesce(e.high, 0), coalesce(e.n, 0), h.last_sequence,
                        coalesce(e.high - e.low + 1, 0))""",
        )
        yield (
            f"{name}: a stream's versions have a gap",
            f"""SELECT stream_id FROM {name}.events GROUP BY partition, stream_id
                HAVING (count(*), min(version), count(DISTINCT version))
                    <> (max(version), 1, max(version))""",
        )
        yield (
            f"{name}: an event id is there twice",
            f"SELECT event_id::text FROM {name}.events GROUP BY 1 HAVING count(*) > 1",
        )
    for reader in SERVICES:
        for owner in WRITERS:
            if topic_of(owner) in READS[reader]:
                yield (
                    f"{reader} has not read all that {owner} wrote",
                    f"""SELECT h.partition::text FROM {owner}.partition_heads h
                        JOIN {reader}.consumer_offsets c
                            ON c.topic = '{topic_of(owner)}' AND c.partition = h.partition
                        WHERE c.last_sequence <> h.last_sequence""",
                )


RULES: Final = APPEALS | DOSSIER | CLOCKS | dict(of_each_service())

ALL_EVENTS: Final = " UNION ALL ".join(
    f"SELECT '{name}' AS service, * FROM {name}.events" for name in WRITERS
)
LETTERS: Final = " UNION ".join(
    "SELECT convert_from(decode(headers->>'ce_subject', 'base64'), 'UTF8') AS subject "
    f"FROM {name}.dead_letters WHERE state = 'parked' AND headers ? 'ce_subject'"
    for name in ("classifier", "router")
)
# Temporary, so that the rules read like what they mean.
VIEWS: Final = f"""
    CREATE TEMP VIEW all_events AS {ALL_EVENTS};
    CREATE TEMP VIEW letters AS {LETTERS};
    CREATE TEMP VIEW places AS
        SELECT a.subject, (d.subject IS NOT NULL)::int AS dispatched,
               (r.subject IS NOT NULL AND c.subject IS NULL)::int AS review,
               (l.subject IS NOT NULL)::int AS parked
        FROM (SELECT DISTINCT subject FROM intake.events
              WHERE type = '{AppealAccepted.TYPE}') AS a
        LEFT JOIN (SELECT DISTINCT subject FROM router.events
                   WHERE type = '{AppealDispatched.TYPE}') AS d USING (subject)
        LEFT JOIN (SELECT DISTINCT subject FROM classifier.events
                   WHERE type = '{ReviewRequired.TYPE}') AS r USING (subject)
        LEFT JOIN (SELECT DISTINCT subject FROM classifier.events
                   WHERE type = '{ClassificationConfirmed.TYPE}') AS c USING (subject)
        LEFT JOIN letters l USING (subject);
    CREATE TEMP TABLE sla_data AS
        SELECT subject, version, type, (body->>'time')::timestamptz AS told_at,
               body->'data' AS data
        FROM (SELECT subject, version, type, convert_from(body, 'UTF8')::jsonb AS body
              FROM sla.events) AS e;
    CREATE TEMP VIEW sla_clocks AS
        SELECT subject, version, c->>'clock' AS clock, c->>'deadline_version' AS deadline_version,
               c->'steps'->0 AS first
        FROM sla_data, jsonb_array_elements(data->'clocks') AS c
        WHERE type = '{ClocksStarted.TYPE}';
    -- What the last event about each clock leaves to be done.
    CREATE TEMP VIEW wanted_timers AS
        SELECT DISTINCT ON (subject, clock) subject, clock, level, due_at FROM (
            SELECT subject, version, clock, (first->>'level')::int AS level,
                   (first->>'at')::timestamptz AS due_at FROM sla_clocks
            UNION ALL
            SELECT subject, version, jsonb_array_elements_text(data->'clocks'), NULL, NULL
            FROM sla_data WHERE type IN ('{ClocksStopped.TYPE}', '{ClocksSuspended.TYPE}')
            UNION ALL
            SELECT subject, version, a->>'clock', (a->>'level')::int, (a->>'at')::timestamptz
            FROM sla_data, jsonb_array_elements(data->'ahead') AS a
            WHERE type = '{ClocksResumed.TYPE}'
            UNION ALL
            SELECT subject, version, data->'clock'->>'clock', (step->>'level')::int,
                   (step->>'at')::timestamptz
            FROM sla_data LEFT JOIN LATERAL (
                SELECT step FROM jsonb_array_elements(data->'clock'->'steps')
                    WITH ORDINALITY AS s(step, place)
                WHERE NOT data->'taken' @> (step->'level') AND NOT (data->>'silent')::bool
                ORDER BY place LIMIT 1) AS next ON true
            WHERE type = '{DeadlineSet.TYPE}'
            UNION ALL
            SELECT subject, version, data->>'clock', (data->>'next_level')::int,
                   (data->>'next_at')::timestamptz
            FROM sla_data WHERE type IN ({STEPS})) AS told
        ORDER BY subject, clock, version DESC;
"""
