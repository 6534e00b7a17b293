-- What we know of a person's subscription at Stripe, which knows better. A write counts only if `version` is still the
-- one that was read before Stripe was asked, so that of two answers the older cannot win.
CREATE TABLE subscriptions (
    user_id                uuid        PRIMARY KEY REFERENCES users (id),
    stripe_customer_id     text        UNIQUE,
    stripe_subscription_id text        UNIQUE,
    status                 text
        CHECK (status IN ('incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled')),
    current_period_end     timestamptz,
    cancel_at_period_end   boolean     NOT NULL DEFAULT false,
    version                bigint      NOT NULL DEFAULT 0,
    -- Whether the services have been told of the last change of the person's role.
    announced              boolean     NOT NULL DEFAULT true,
    -- Until when one request has the right to subscribe the person.
    checkout_until         timestamptz,
    updated_at             timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX subscriptions_period_end ON subscriptions (current_period_end) WHERE status IN ('trialing', 'active', 'past_due');

-- Webhooks, by Stripe's id: each is handled once, and one that could not be handled says why.
CREATE TABLE stripe_events (
    id          text        PRIMARY KEY,
    kind        text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    handled_at  timestamptz,
    attempts    integer     NOT NULL DEFAULT 1,
    error       text
);
CREATE INDEX stripe_events_unhandled ON stripe_events (received_at) WHERE handled_at IS NULL;
