-- What makes the codes of RFC 6238, for people who log in with one beside the password. The secret is needed as it is to know
-- a code, so that it cannot be a hash. No step of time is taken twice.
CREATE TABLE second_factors (
    user_id   uuid        PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret    bytea       NOT NULL,
    since     timestamptz NOT NULL DEFAULT now(),
    last_step bigint      NOT NULL
);

-- Hashes of the codes for who has lost what makes the others. Each is good once.
CREATE TABLE recovery_codes (
    user_id   uuid  NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

-- Who has given the right password and not yet a code. The token is in a cookie, its hash is here.
CREATE TABLE sign_ins (
    token_hash bytea       PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sign_ins_user ON sign_ins (user_id);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);
