-- migrate:up
-- By what each running deadline was reckoned, so that a new version finds those it may move. A clock
-- that is silent keeps its row, due at infinity. Rows from before are found once, and then marked.
ALTER TABLE timers
    ADD COLUMN calendar_version text,
    ADD COLUMN policy_version   text;

-- migrate:down
DELETE FROM timers WHERE due_at = 'infinity';
ALTER TABLE timers DROP COLUMN calendar_version, DROP COLUMN policy_version;
