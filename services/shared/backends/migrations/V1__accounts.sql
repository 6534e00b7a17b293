CREATE EXTENSION IF NOT EXISTS citext;

CREATE TABLE users (
    id            uuid        PRIMARY KEY,
    username      citext      NOT NULL UNIQUE,
    email         citext      NOT NULL UNIQUE,
    name          text        NOT NULL,
    password_hash text        NOT NULL,
    role          text        NOT NULL DEFAULT 'free_user'
        CHECK (role IN ('free_user', 'premium_user', 'admin_user', 'super_user')),
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- An account before its owner has confirmed the e-mail address. Only the hash of the token is kept.
CREATE TABLE registrations (
    id            uuid        PRIMARY KEY,
    username      citext      NOT NULL,
    email         citext      NOT NULL,
    name          text        NOT NULL,
    password_hash text,
    token_hash    bytea       NOT NULL UNIQUE,
    sent_at       timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    confirmed_at  timestamptz
);
CREATE INDEX registrations_email ON registrations (email, sent_at DESC);

CREATE TABLE sessions (
    token_hash bytea       PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
