-- What the platform itself keeps: which worker processes are alive; and the one rule for texts that people write.

-- A worker writes here every few seconds. The jobs of one that has stopped writing are given back to the queue:
-- without that, a killed process would keep its jobs locked for hours.
CREATE TABLE worker_heartbeat (
  worker_id text PRIMARY KEY,
  seen_at   timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON worker_heartbeat TO henkin_app;

-- Words of people for people: not blank, no control characters but tab and line feed, and none that turn the direction of
-- reading, which would show other words than are stored.
CREATE FUNCTION is_plain_text(words text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN words ~ '\S' AND words !~ '[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]';
