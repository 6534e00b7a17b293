-- What whoever runs the service did to accounts, jobs and queues. The names are copies, so that a record outlives them.
CREATE TABLE audit (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT now(),
    actor_id uuid,
    actor    text        NOT NULL,
    action   text        NOT NULL CHECK (action IN ('change_role', 'redrive', 'redriven', 'retry_job')),
    subject  text        NOT NULL,
    detail   text        NOT NULL
);

-- Records are only ever added, whoever asks.
CREATE FUNCTION refuse_to_change_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records of the audit are never changed';
END
$$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit();

-- For the search by the beginning of a name or an address.
CREATE INDEX users_username_prefix ON users (lower(username::text) text_pattern_ops);
CREATE INDEX users_email_prefix ON users (lower(email::text) text_pattern_ops);
CREATE INDEX users_super ON users (id) WHERE role = 'super_user';
