-- Which terms of use a person has accepted, and when. Accounts of before there were any have none.
ALTER TABLE registrations
    ADD COLUMN terms_version     text,
    ADD COLUMN terms_accepted_at timestamptz;
ALTER TABLE users
    ADD COLUMN terms_version     text,
    ADD COLUMN terms_accepted_at timestamptz;
