-- Regions by which people filter the variants of a job, where these are too many for an address: a BED file each, by a hash of it.
-- They go with their job, with their person, and when the person has sent many others since.
CREATE TABLE variant_regions (
    job_id  uuid        NOT NULL,
    name    text        NOT NULL,
    user_id uuid        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    bed     text        NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (job_id, name)
);
CREATE INDEX variant_regions_user ON variant_regions (user_id, kept_at);
