-- What whoever runs the service tells everybody ahead of time: when something will not work, and what. One that is withdrawn
-- is deleted; the audit keeps its words.
CREATE TABLE maintenance (
    id        uuid        PRIMARY KEY,
    words     text        NOT NULL CHECK (char_length(words) BETWEEN 1 AND 300),
    begins_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL CHECK (ends_at > begins_at)
);
CREATE INDEX maintenance_to_come ON maintenance (ends_at);
