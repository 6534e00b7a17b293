-- A notice is noted when its mail is begun and told after SES has taken it, so that none is lost. Whoever sends raises
-- `beat` for as long as it waits; `attempt` fences off whoever had the right before.
ALTER TABLE notices
    ADD COLUMN notice  text,
    ADD COLUMN told_at timestamptz,
    ADD COLUMN held    boolean NOT NULL DEFAULT false,
    ADD COLUMN attempt integer NOT NULL DEFAULT 0,
    ADD COLUMN beat    bigint  NOT NULL DEFAULT 0;

-- What was taken before was sent, as far as can be known.
UPDATE notices SET told_at = claimed_at;

CREATE INDEX notices_untold ON notices (claimed_at) WHERE told_at IS NULL;
