-- Tokens by which people's programs use the API. The token itself is shown once; its hash is here, and its last letters, by
-- which its person knows it again.
CREATE TABLE api_tokens (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash bytea       NOT NULL UNIQUE,
    name       text        NOT NULL,
    ending     text        NOT NULL,
    scopes     text[]      NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX api_tokens_user ON api_tokens (user_id);
