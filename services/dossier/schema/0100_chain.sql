-- migrate:up
-- One row: how every chain of this dossier is hashed. Written once, by the first start.
CREATE TABLE chain_format (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    algorithm text    NOT NULL CHECK (algorithm IN ('sha256', 'sm3'))
);

-- Every record of every service's topic, byte for byte, in one chain for each key.
CREATE TABLE entries (
    chain_key   text COLLATE "C" NOT NULL,
    version     bigint      NOT NULL CHECK (version >= 1),  -- dense within a chain
    service     text COLLATE "C" NOT NULL,
    partition   smallint    NOT NULL,
    sequence    bigint      NOT NULL CHECK (sequence >= 1), -- dense within (service, partition)
    event_id    uuid,       -- this and the next two as the headers say, for people who search;
    type        text,       -- null where a header is no such thing; proof is in the value alone
    subject     text,
    leaf        bytea       NOT NULL,
    hash        bytea       NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    value       bytea       NOT NULL,
    CONSTRAINT entries_chain PRIMARY KEY (chain_key, version),             -- no fork
    CONSTRAINT entries_source UNIQUE (service, partition, sequence)        -- no double
);
CREATE TRIGGER entries_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_append_only;

CREATE TABLE chain_heads (
    chain_key text COLLATE "C" PRIMARY KEY,
    partition smallint NOT NULL,
    version   bigint   NOT NULL,
    hash      bytea    NOT NULL
) WITH (fillfactor = 50);

-- Chains whose read model stands still at `version`; the chain itself goes on.
CREATE TABLE projection_parked (
    chain_key text COLLATE "C" PRIMARY KEY,
    version   bigint      NOT NULL,
    reason    text        NOT NULL,
    detail    text        NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now()
);

-- One row an appeal. Topics have no order between each other, so any column may still be null.
CREATE TABLE appeals (
    appeal_id          uuid PRIMARY KEY,
    chain_key          text COLLATE "C" NOT NULL,
    enterprise_id      uuid,
    enterprise_name    text,
    uscc               text,
    channel            text,
    source_id          text,
    title              text,
    sub_district       text,
    submitted_at       timestamptz,
    accepted_at        timestamptz,
    item               text,
    category           text,
    lead               text,
    urgency            text,
    confidence         smallint, -- basis points
    intake_state       text,
    classifier_state   text,
    router_state       text,
    -- domain/states.py says the same, and a test compares the two over all combinations.
    state              text NOT NULL GENERATED ALWAYS AS (
        coalesce(router_state, classifier_state, intake_state, 'SUBMITTED')) STORED,
    resolve_started_at timestamptz,
    resolve_due        timestamptz,
    resolve_stopped_at timestamptz,
    resolve_limit      text,
    provisional        boolean  NOT NULL, -- a deadline stands on a calendar without a notice
    events             integer  NOT NULL,
    first_event_at     timestamptz NOT NULL,
    last_event_at      timestamptz NOT NULL,
    dispatched_at      timestamptz,
    closed_at          timestamptz
) WITH (fillfactor = 60);
CREATE INDEX appeals_chain ON appeals (chain_key);
CREATE INDEX appeals_source ON appeals (source_id);

CREATE TABLE escalations (
    appeal_id        uuid     NOT NULL,
    clock            text     NOT NULL,
    deadline_version integer  NOT NULL,
    level            smallint NOT NULL,
    kind             text     NOT NULL,
    step_at          timestamptz NOT NULL,
    late             boolean  NOT NULL,
    fired            integer  NOT NULL,               -- always 1, or a clock is at fault
    revoked          boolean  NOT NULL DEFAULT false, -- reports leave it out
    PRIMARY KEY (appeal_id, clock, deadline_version, level)
);

CREATE TABLE enterprises (
    enterprise_id uuid PRIMARY KEY,
    name          text,
    uscc          text
);

CREATE VIEW appeal_files AS
    SELECT a.*, e.escalations, e.highest_level, e.overdue
    FROM appeals a CROSS JOIN LATERAL (
        SELECT count(*) AS escalations, max(level) AS highest_level,
               coalesce(bool_or(clock = 'resolve' AND kind = 'limit-passed'), false) AS overdue
        FROM escalations e WHERE e.appeal_id = a.appeal_id AND NOT e.revoked) AS e;

-- Counted when asked, so that no order of events and no repeat can make it wrong.
CREATE VIEW enterprise_counts AS
    SELECT e.enterprise_id, e.name, e.uscc, count(a.appeal_id) AS appeals,
           count(a.appeal_id) FILTER (WHERE a.state NOT IN
               ('NOT_ACCEPTED', 'TRANSFERRED_OUT', 'CLOSED', 'WITHDRAWN')) AS open
    FROM enterprises e LEFT JOIN appeals a ON a.chain_key = e.enterprise_id::text
    GROUP BY e.enterprise_id;

-- migrate:down
DROP VIEW enterprise_counts, appeal_files;
DROP TABLE enterprises, escalations, appeals, projection_parked, chain_heads, entries,
    chain_format;
