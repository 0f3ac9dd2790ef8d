-- migrate:up
DROP VIEW enterprise_counts, appeal_files;

-- domain/states.py says the same, and a test compares the two over all combinations: a terminal
-- word wins, then router's, the classifier's, intake's (rule 22); where router has handed the
-- appeal back to be classified, the classifier's word is the later one.
ALTER TABLE appeals DROP COLUMN state;
ALTER TABLE appeals ADD COLUMN state text NOT NULL GENERATED ALWAYS AS (
    CASE
        WHEN router_state IN ('TRANSFERRED_OUT', 'CLOSED', 'WITHDRAWN') THEN router_state
        WHEN classifier_state = 'WITHDRAWN' THEN classifier_state
        WHEN intake_state IN ('NOT_ACCEPTED', 'TRANSFERRED_OUT', 'CLOSED', 'WITHDRAWN')
            THEN intake_state
        WHEN router_state IN ('ACCEPTED', 'REVIEW_PENDING')
            THEN coalesce(classifier_state, router_state)
        ELSE coalesce(router_state, classifier_state, intake_state, 'SUBMITTED')
    END) STORED;
ALTER TABLE appeals ADD COLUMN confidentiality text; -- null where nothing has been said of it
CREATE INDEX appeals_enterprise ON appeals (enterprise_id);

CREATE VIEW appeal_files AS
    SELECT a.*, e.escalations, e.highest_level, e.overdue
    FROM appeals a CROSS JOIN LATERAL (
        SELECT count(*) AS escalations, max(level) AS highest_level,
               coalesce(bool_or(clock = 'resolve' AND kind = 'limit-passed'), false) AS overdue
        FROM escalations e WHERE e.appeal_id = a.appeal_id AND NOT e.revoked) AS e;

-- Counted when asked, so that no order of events and no repeat can make it wrong. An appeal that
-- was linked to its enterprise later keeps its own chain and counts here all the same.
CREATE VIEW enterprise_counts AS
    SELECT e.enterprise_id, e.name, e.uscc, count(a.appeal_id) AS appeals,
           count(a.appeal_id) FILTER (WHERE a.state NOT IN
               ('NOT_ACCEPTED', 'TRANSFERRED_OUT', 'CLOSED', 'WITHDRAWN')) AS open
    FROM enterprises e LEFT JOIN appeals a ON a.enterprise_id = e.enterprise_id
    GROUP BY e.enterprise_id;

-- migrate:down
DROP VIEW enterprise_counts, appeal_files;
DROP INDEX appeals_enterprise;
ALTER TABLE appeals DROP COLUMN confidentiality, DROP COLUMN state;
ALTER TABLE appeals ADD COLUMN state text NOT NULL GENERATED ALWAYS AS (
    coalesce(router_state, classifier_state, intake_state, 'SUBMITTED')) STORED;
CREATE VIEW appeal_files AS
    SELECT a.*, e.escalations, e.highest_level, e.overdue
    FROM appeals a CROSS JOIN LATERAL (
        SELECT count(*) AS escalations, max(level) AS highest_level,
               coalesce(bool_or(clock = 'resolve' AND kind = 'limit-passed'), false) AS overdue
        FROM escalations e WHERE e.appeal_id = a.appeal_id AND NOT e.revoked) AS e;
CREATE VIEW enterprise_counts AS
    SELECT e.enterprise_id, e.name, e.uscc, count(a.appeal_id) AS appeals,
           count(a.appeal_id) FILTER (WHERE a.state NOT IN
               ('NOT_ACCEPTED', 'TRANSFERRED_OUT', 'CLOSED', 'WITHDRAWN')) AS open
    FROM enterprises e LEFT JOIN appeals a ON a.chain_key = e.enterprise_id::text
    GROUP BY e.enterprise_id;
