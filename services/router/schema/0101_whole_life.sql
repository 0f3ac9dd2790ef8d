-- migrate:up
-- An appeal may be known before it has a lead, and lose the one it had.
ALTER TABLE dispatches
    ALTER COLUMN lead DROP NOT NULL,
    ALTER COLUMN item DROP NOT NULL,
    ALTER COLUMN urgency DROP NOT NULL,
    ALTER COLUMN accepted_at DROP NOT NULL,
    ALTER COLUMN dispatched_at DROP NOT NULL,
    ADD COLUMN co_handlers text[] NOT NULL DEFAULT '{}';
CREATE INDEX dispatches_helped ON dispatches USING gin (co_handlers)
    WHERE state <> 'closed' AND co_handlers <> '{}';

CREATE TABLE orders (
    order_id  uuid        PRIMARY KEY,
    partition smallint    NOT NULL,
    key       text        NOT NULL,
    version   integer     NOT NULL,
    number    text        NOT NULL,
    title     text        NOT NULL,
    report_by timestamptz,
    issued_at timestamptz NOT NULL
);
CREATE TABLE order_items (
    order_id  uuid NOT NULL REFERENCES orders,
    appeal_id uuid NOT NULL,
    ended     text,
    PRIMARY KEY (order_id, appeal_id)
);

-- migrate:down
DROP TABLE order_items;
DROP TABLE orders;
DROP INDEX dispatches_helped;
ALTER TABLE dispatches DROP COLUMN co_handlers;
DELETE FROM dispatches
WHERE lead IS NULL OR item IS NULL OR urgency IS NULL OR accepted_at IS NULL
   OR dispatched_at IS NULL;
ALTER TABLE dispatches
    ALTER COLUMN lead SET NOT NULL,
    ALTER COLUMN item SET NOT NULL,
    ALTER COLUMN urgency SET NOT NULL,
    ALTER COLUMN accepted_at SET NOT NULL,
    ALTER COLUMN dispatched_at SET NOT NULL;
