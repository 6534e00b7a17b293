-- When the person's last Premium plan ended; empty while one runs, and for who never had one.
ALTER TABLE users ADD COLUMN premium_ended timestamptz;
