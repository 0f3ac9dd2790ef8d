-- migrate:up
-- The order in which a partition's entries were chained, dense from 1: the tree is made from it.
ALTER TABLE entries ADD COLUMN position bigint;
ALTER TABLE entries DISABLE TRIGGER entries_append_only;
UPDATE entries e SET position = n.position
FROM (SELECT service, partition, sequence, row_number() OVER (
          PARTITION BY partition ORDER BY recorded_at, chain_key, version) AS position
      FROM entries) AS n
WHERE (e.service, e.partition, e.sequence) = (n.service, n.partition, n.sequence);
ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_append_only;
ALTER TABLE entries ALTER COLUMN position SET NOT NULL;
CREATE UNIQUE INDEX entries_position ON entries (partition, position);

CREATE TABLE leaf_heads (
    partition smallint PRIMARY KEY,
    count     bigint   NOT NULL
) WITH (fillfactor = 50);
INSERT INTO leaf_heads SELECT partition, count(*) FROM entries GROUP BY partition;

-- Every signed statement about the tree, as it was signed.
CREATE TABLE checkpoints (
    number    bigint      PRIMARY KEY CHECK (number >= 1), -- dense
    size      bigint      NOT NULL,
    root      bytea       NOT NULL,
    note      text        NOT NULL,
    signed_at timestamptz NOT NULL
);
CREATE TRIGGER checkpoints_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER checkpoints_append_only;

-- Hashes of the tree, 256 to a row, so that a proof need not read every leaf. Nothing trusts
-- them: verification recomputes the tree from the entries.
CREATE TABLE tree_tiles (
    height smallint NOT NULL, -- of the subtrees whose roots these are: 0, 8, 16, …
    index  bigint   NOT NULL,
    hashes bytea    NOT NULL,
    PRIMARY KEY (height, index)
) WITH (fillfactor = 50);

-- migrate:down
DROP TABLE tree_tiles, checkpoints, leaf_heads;
ALTER TABLE entries DROP COLUMN position;
