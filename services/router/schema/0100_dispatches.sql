-- migrate:up
-- Where each appeal stands, for lists and for finding an appeal's key; never read by decide.
CREATE TABLE dispatches (
    appeal_id     uuid        PRIMARY KEY,
    partition     smallint    NOT NULL,
    key           text        NOT NULL,
    version       integer     NOT NULL,
    lead          text        NOT NULL,
    item          text        NOT NULL,
    sub_district  text,
    urgency       text        NOT NULL,
    state         text        NOT NULL,
    accepted_at   timestamptz NOT NULL,
    dispatched_at timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX dispatches_open ON dispatches (lead, state, accepted_at) WHERE state <> 'closed';

-- migrate:down
DROP TABLE dispatches;
