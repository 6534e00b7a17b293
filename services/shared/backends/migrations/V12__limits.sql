-- How often something may be done, counted for every replica: what was done is due until then. What a crash loses is a few
-- counts, so that the table is not logged. Keys are hashes: no name or address can be read here.
CREATE UNLOGGED TABLE limits (
    key bytea       PRIMARY KEY,
    due timestamptz NOT NULL
);
CREATE INDEX limits_due ON limits (due);

-- Browsers in which somebody has signed in before: what others guess does not keep its owner out there.
CREATE TABLE known_browsers (
    token_hash bytea       NOT NULL,
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (token_hash, user_id)
);
CREATE INDEX known_browsers_user ON known_browsers (user_id);
CREATE INDEX known_browsers_age ON known_browsers (seen_at);
