-- migrate:up
-- The only table that holds personal data. Reading it is a recorded act; erasure deletes the row.
CREATE TABLE vault (
    appeal_id  uuid        PRIMARY KEY,
    raw        bytea       NOT NULL, -- the submission as it was sent
    salt       bytea       NOT NULL, -- opens the commitment that stands in the event
    stored_at  timestamptz NOT NULL DEFAULT now()
);

-- What a producer may ask about its own appeals; never read by decide.
CREATE TABLE progress (
    appeal_id    uuid        PRIMARY KEY,
    producer_id  text        NOT NULL,
    source_id    text        NOT NULL,
    stage        text        NOT NULL,
    accepted_at  timestamptz NOT NULL,
    item         text,
    category     text,
    lead         text,
    resolve_due  timestamptz,
    escalations  integer     NOT NULL DEFAULT 0,
    changed_at   timestamptz NOT NULL
) WITH (fillfactor = 70);

-- migrate:down
DROP TABLE progress, vault;
