-- Addresses that people want to have instead of theirs, until they are confirmed there. Only the hash of the token is kept.
CREATE TABLE email_changes (
    user_id    uuid        PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    email      citext      NOT NULL,
    token_hash bytea       NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL
);
