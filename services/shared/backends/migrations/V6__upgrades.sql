-- How many times the person has come to Premium. Names what one upgrade brings back from the vault, however often the
-- archiver is told of it.
ALTER TABLE users ADD COLUMN upgrades integer NOT NULL DEFAULT 0;
