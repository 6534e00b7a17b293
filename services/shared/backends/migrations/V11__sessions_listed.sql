-- What a session is told from others by, when its person looks at all of them: which browser, from where, when last seen.
-- The id names it there; the token is in its browser alone.
ALTER TABLE sessions
    ADD COLUMN id      uuid        NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN browser text        NOT NULL DEFAULT '',
    ADD COLUMN address text        NOT NULL DEFAULT '',
    ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
CREATE UNIQUE INDEX sessions_id ON sessions (id);
