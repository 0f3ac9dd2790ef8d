-- migrate:up
-- What the model read and said of each appeal: for people who review, for labels, for shadow
-- replay and for finding repeats. Texts are masked. Never read by decide.
CREATE TABLE readings (
    appeal_id     uuid        PRIMARY KEY,
    partition     smallint    NOT NULL,
    key           text        NOT NULL,
    version       integer     NOT NULL,
    state         text        NOT NULL CHECK (state IN ('classified', 'in_review', 'left', 'withdrawn')),
    reason        text,
    round         integer     NOT NULL DEFAULT 0,
    excluded      text[]      NOT NULL DEFAULT '{}',
    note          text,
    proposed      text,
    item          text,                  -- null while nobody has named it
    confidence    integer     NOT NULL,
    urgency       text        NOT NULL,
    enterprise_id uuid,
    sub_district  text,
    accepted_at   timestamptz NOT NULL,
    judged_at     timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL,
    model_version text,
    title         text        NOT NULL,
    text          text        NOT NULL,
    judgement     jsonb                  -- only of what a person has to look at
) WITH (fillfactor = 90);
CREATE INDEX readings_in_review ON readings (accepted_at, appeal_id) WHERE state = 'in_review';
-- Rows come in the order of this column, so ranges of it stay cheap for next to nothing.
CREATE INDEX readings_judged ON readings USING brin (judged_at) WITH (pages_per_range = 32);

-- What people said the item is; the latest of an appeal counts.
CREATE TABLE labels (
    event_id      uuid        PRIMARY KEY,
    appeal_id     uuid        NOT NULL,
    item          text        NOT NULL,
    proposed      text,
    source        text        NOT NULL CHECK (source IN ('confirmed', 'corrected', 'ruled')),
    by_unit       text        NOT NULL,
    reason        text,
    model_version text,
    decided_at    timestamptz NOT NULL
);
CREATE INDEX labels_by_appeal ON labels (appeal_id, decided_at DESC);

-- Approved returns: the department was right that the appeal is not its own.
CREATE TABLE returns (
    event_id   uuid        PRIMARY KEY,
    appeal_id  uuid        NOT NULL,
    department text        NOT NULL,
    noted_at   timestamptz NOT NULL
);
CREATE INDEX returns_noted ON returns (noted_at);

-- migrate:down
DROP TABLE returns, labels, readings;
