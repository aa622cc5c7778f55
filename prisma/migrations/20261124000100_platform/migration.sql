-- What the platform itself keeps: which worker processes are alive.

-- A worker writes here every few seconds. The jobs of one that has stopped writing are given back to the queue:
-- without that, a killed process would keep its jobs locked for hours.
CREATE TABLE worker_heartbeat (
  worker_id text PRIMARY KEY,
  seen_at   timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON worker_heartbeat TO henkin_app;
