-- migrate:up
-- Candidates and models in use, by version: every copy of the service reads the same bytes.
CREATE TABLE models (
    version   text        PRIMARY KEY,
    sha256    text        NOT NULL,
    content   bytea       NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now()
);
-- A model is compressed already.
ALTER TABLE models ALTER COLUMN content SET STORAGE EXTERNAL;

-- migrate:down
DROP TABLE models;
