-- migrate:up
-- The next step of every clock that runs; the truth is the stream, this says only when to look.
CREATE TABLE timers (
    appeal_id        uuid        NOT NULL,
    clock            text        NOT NULL,
    partition        smallint    NOT NULL,
    due_at           timestamptz NOT NULL,
    deadline_version smallint    NOT NULL,
    level            smallint    NOT NULL,
    correlation_id   uuid        NOT NULL,
    key              text        NOT NULL,
    PRIMARY KEY (appeal_id, clock)
) WITH (
    fillfactor = 80,
    -- Every fired timer leaves a dead entry at the head of the index that each poll reads.
    autovacuum_vacuum_scale_factor = 0.02
);
CREATE INDEX timers_due ON timers (partition, due_at);

-- migrate:down
DROP TABLE timers;
