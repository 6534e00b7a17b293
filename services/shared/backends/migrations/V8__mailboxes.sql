-- Addresses that do not take our mail, by what came back. Nothing goes there but the question whether the address is right,
-- until its owner has answered it.
CREATE TABLE undeliverable (
    email      citext      PRIMARY KEY,
    trouble    text        NOT NULL CHECK (trouble IN ('bounced', 'complained')),
    since      timestamptz NOT NULL DEFAULT now(),
    asked_at   timestamptz,
    token_hash bytea       UNIQUE
);

-- Reports of mails that came back, by their id: one that comes again does not mark whoever has confirmed since.
CREATE TABLE mail_reports (
    id          text        PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mail_reports_age ON mail_reports (received_at);

-- Whether the person is mailed what the pages tell as well, and the secret of the link by which a mail lets that be stopped.
ALTER TABLE users
    ADD COLUMN wants_job_mails boolean NOT NULL DEFAULT true,
    ADD COLUMN mail_token      uuid    NOT NULL DEFAULT gen_random_uuid();
CREATE UNIQUE INDEX users_mail_token ON users (mail_token);
