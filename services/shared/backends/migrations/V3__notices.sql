-- Mails about an account that have been sent, by the key that names each for ever: a message that comes again sends none.
CREATE TABLE notices (
    key        text        PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    claimed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX notices_user ON notices (user_id);
