-- migrate:up
-- By these an erasure finds the rows of one person: keyed hashes, gone with the row.
ALTER TABLE vault ADD COLUMN search_keys bigint[] NOT NULL DEFAULT '{}';
CREATE INDEX vault_search_keys ON vault USING gin (search_keys);

-- What was added to an appeal later, as it was sent.
CREATE TABLE vault_supplements (
    appeal_id  uuid        NOT NULL,
    command_id text        NOT NULL,
    raw        bytea       NOT NULL,
    salt       bytea       NOT NULL,
    stored_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (appeal_id, command_id)
);

-- The register as it stands; its history is in the events.
CREATE TABLE enterprises (
    enterprise_id uuid        PRIMARY KEY,
    uscc          text        NOT NULL,
    name          text        NOT NULL,
    sub_district  text,
    officer_id    text,
    officer_unit  text,
    version       integer     NOT NULL,
    changed_at    timestamptz NOT NULL
);
CREATE INDEX enterprises_officer ON enterprises (officer_id) WHERE officer_id IS NOT NULL;

-- One row, raised with every change of an officer, so that a copy knows when to read anew.
CREATE TABLE register_stamp (
    is_only  boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    revision bigint  NOT NULL DEFAULT 0
);
INSERT INTO register_stamp DEFAULT VALUES;

-- migrate:down
DROP TABLE register_stamp, enterprises, vault_supplements;
DROP INDEX vault_search_keys;
ALTER TABLE vault DROP COLUMN search_keys;
