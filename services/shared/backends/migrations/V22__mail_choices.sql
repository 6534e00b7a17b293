-- Mails about the archive are a choice of their own. Who wanted no mails about jobs wants none of these either.
ALTER TABLE users ADD COLUMN wants_archive_mails boolean NOT NULL DEFAULT true;
UPDATE users SET wants_archive_mails = wants_job_mails;
