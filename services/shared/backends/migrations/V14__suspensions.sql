-- Who may not log in until whoever runs the service says so; nothing of theirs is lost.
ALTER TABLE users ADD COLUMN suspended_at timestamptz;

ALTER TABLE audit DROP CONSTRAINT audit_action_check;
ALTER TABLE audit ADD CONSTRAINT audit_action_check CHECK (action IN (
    'change_role', 'redrive', 'redriven', 'retry_job', 'suspend', 'resume', 'end_sessions', 'remove_second_factor'));
