-- Logins of programs that wait for their person to say yes in a browser (RFC 8628), minutes each. Both codes are hashed: the
-- program holds one, its person types the other.
CREATE TABLE device_logins (
    device_hash bytea       PRIMARY KEY,
    user_hash   bytea       NOT NULL UNIQUE,
    machine     text        NOT NULL,
    program     text        NOT NULL,
    address     text        NOT NULL,
    scopes      text[]      NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    pause_secs  integer     NOT NULL,
    polled_at   timestamptz,
    -- Who has typed the code: nobody else can decide any more.
    user_id     uuid        REFERENCES users (id) ON DELETE CASCADE,
    approved    boolean
);
CREATE INDEX device_logins_user ON device_logins (user_id);
CREATE INDEX device_logins_end ON device_logins (expires_at);
