-- One row per effect that a client asked for under an Idempotency-Key, written in the transaction of the effect:
-- either both are there or neither. Rows live as long as the programme, so a retry years later still replays.
CREATE TABLE idempotency_key (
  actor_id     text NOT NULL,
  key          text NOT NULL CHECK (key ~ '^[!-~]{1,255}$'),
  request_hash text NOT NULL CHECK (request_hash ~ '^[0-9a-f]{64}$'),
  response     jsonb NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor_id, key)
);

GRANT SELECT, INSERT ON idempotency_key TO henkin_app;
