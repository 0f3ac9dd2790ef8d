-- migrate:up
-- How to find earlier appeals of perhaps the same matter without looking at all of them: one key
-- for the firm, one for place and item, four for place, item and a sketch of the text.
CREATE TABLE likeness_keys (
    key         bigint      NOT NULL,
    accepted_at timestamptz NOT NULL,
    appeal_id   uuid        NOT NULL,
    PRIMARY KEY (key, accepted_at, appeal_id)
);
CREATE INDEX likeness_keys_age ON likeness_keys USING brin (accepted_at);

-- How far the search has come in our own events.
CREATE TABLE likeness_positions (
    partition smallint PRIMARY KEY,
    sequence  bigint   NOT NULL DEFAULT 0
);

-- What was suggested, for the dispatcher's list.
CREATE TABLE suspicions (
    appeal_id    uuid        NOT NULL,
    other        uuid        NOT NULL,
    similarity   integer     NOT NULL,
    ground       text        NOT NULL,
    suspected_at timestamptz NOT NULL,
    PRIMARY KEY (appeal_id, other)
);
CREATE INDEX suspicions_newest ON suspicions (suspected_at DESC, appeal_id);

-- migrate:down
DROP TABLE suspicions, likeness_positions, likeness_keys;
