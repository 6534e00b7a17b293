-- Addresses of people's programs that are told of their jobs. The secret signs what is sent, so that it is needed as it is and
-- cannot be a hash, like that of a second factor; it is shown once and read by the notifier alone. A notifier takes a webhook
-- for a while (`taken_until`) and sends one delivery of it at a time; `turn` fences off whoever had it before.
CREATE TABLE webhooks (
    id            uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id       uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    url           text        NOT NULL,
    events        text[]      NOT NULL,
    secret        bytea       NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    paused_at     timestamptz,
    -- Whether we have paused it, not its owner.
    is_given_up   boolean     NOT NULL DEFAULT false,
    failing_since timestamptz,
    taken_until   timestamptz NOT NULL DEFAULT '-infinity',
    turn          bigint      NOT NULL DEFAULT 0
);
CREATE INDEX webhooks_user ON webhooks (user_id);

-- What a webhook is told, once each: the id is made of the webhook, the job, its attempt and what happened, so that a message
-- which comes twice makes one row. Of the job there is only the id: what is told of it is read when it is sent.
-- `next_attempt` is when to try, nothing if it has arrived or was given up, and infinity while the webhook is paused.
-- `failures` counts since it was last begun; `attempts` counts all and fences off late answers.
CREATE TABLE webhook_deliveries (
    id           uuid        PRIMARY KEY,
    webhook_id   uuid        NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event        text        NOT NULL,
    job_id       uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    next_attempt timestamptz DEFAULT now(),
    attempts     integer     NOT NULL DEFAULT 0,
    failures     integer     NOT NULL DEFAULT 0,
    attempted_at timestamptz,
    took_ms      integer,
    status       integer,
    problem      text,
    delivered_at timestamptz
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt) WHERE next_attempt IS NOT NULL;
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, created_at DESC);
CREATE INDEX webhook_deliveries_job ON webhook_deliveries (job_id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);
