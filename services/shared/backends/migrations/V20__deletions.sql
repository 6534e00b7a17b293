-- What was deleted, when, by whose wish and how much of it in which store. Nothing in it leads to a person: the id was made
-- for the deletion. `done_at` is written once a last look has found nothing left in any store.
CREATE TABLE deletions (
    id       uuid        PRIMARY KEY,
    kind     text        NOT NULL CHECK (kind IN ('job', 'account')),
    asked_by text        NOT NULL CHECK (asked_by IN ('owner', 'operator')),
    asked_at timestamptz NOT NULL DEFAULT now(),
    done_at  timestamptz,
    inputs   bigint      NOT NULL DEFAULT 0,
    results  bigint      NOT NULL DEFAULT 0,
    archives bigint      NOT NULL DEFAULT 0,
    jobs     bigint      NOT NULL DEFAULT 0
);

-- People who leave: nobody can sign in any more, and the archiver deletes the account with everything in it.
-- One archiver at a time takes what is left at last.
ALTER TABLE users
    ADD COLUMN deletion_id uuid UNIQUE,
    ADD COLUMN deletion_asked timestamptz,
    ADD COLUMN deletion_taken_until timestamptz;
CREATE INDEX users_leaving ON users (deletion_asked) WHERE deletion_id IS NOT NULL;

-- Which actions there are, the services say.
ALTER TABLE audit DROP CONSTRAINT audit_action_check;
ALTER TABLE audit ADD CONSTRAINT audit_action_check CHECK (action ~ '^[a-z_]+$');

-- The audit outlives people without their names: a name may be replaced by one that was made for a deletion. All else
-- stays as it was written.
CREATE FUNCTION refuse_to_change_more_than_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.at, NEW.actor_id, NEW.action, NEW.detail)
           IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.actor_id, OLD.action, OLD.detail)
       AND (NEW.actor = OLD.actor OR NEW.actor ~ '^deleted-[0-9a-f]{8}$')
       AND (NEW.subject = OLD.subject OR NEW.subject ~ '^deleted-[0-9a-f]{8}$') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'records of the audit are never changed';
END
$$;
DROP TRIGGER audit_is_append_only ON audit;
CREATE TRIGGER audit_is_append_only BEFORE DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit();
CREATE TRIGGER audit_forgets_names_only BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_more_than_names();
