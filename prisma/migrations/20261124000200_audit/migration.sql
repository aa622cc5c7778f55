-- The audit trail: who, as what role, did what, to what, under what request id, in the transaction of the change itself.
--
-- What this table guarantees, whatever the application does:
--   * an event is written once: nobody updates, deletes or truncates it, not even the role that owns the table;
--   * the application chooses neither the number nor the time of an event;
--   * a statement that changed many rows leaves one event with their count, their sum and a digest over them.
CREATE TABLE audit_event (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  occurred_at  timestamptz NOT NULL DEFAULT now(),
  actor_id     text NOT NULL CHECK (actor_id ~ '^[A-Za-z0-9._-]{1,100}$'),
  actor_role   text NOT NULL CHECK (actor_role ~ '^[a-z_]{1,40}$'),
  action       text NOT NULL CHECK (action ~ '^[a-z_]+(\.[a-z_]+)+$' AND length(action) <= 80),
  subject_type text NOT NULL CHECK (subject_type ~ '^[a-z_]{1,40}$'),
  subject_id   text NOT NULL CHECK (subject_id ~ '^[A-Za-z0-9._-]{1,100}$'),
  request_id   text NOT NULL CHECK (request_id ~ '^[A-Za-z0-9._:-]{1,100}$'),
  before       jsonb,
  after        jsonb,
  row_count    bigint CHECK (row_count >= 0),
  sum_jpy      bigint,
  -- Known only to those who make and check such things; for everyone else, auditors too, there is no such event.
  confidential boolean NOT NULL DEFAULT false,
  rows_digest  text CHECK (rows_digest ~ '^[0-9a-f]{64}$'),
  CONSTRAINT audit_event_rows_are_digested CHECK ((row_count IS NULL) = (rows_digest IS NULL)),
  CONSTRAINT audit_event_sum_is_of_rows CHECK (sum_jpy IS NULL OR row_count IS NOT NULL)
);
CREATE INDEX audit_event_by_subject ON audit_event (subject_type, subject_id, id);
CREATE INDEX audit_event_by_actor ON audit_event (actor_id, id);
CREATE INDEX audit_event_by_action ON audit_event (action, id);

-- The privileges below already stop the application; this also stops whoever owns the table.
CREATE FUNCTION audit_event_is_written_once() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'HK001', CONSTRAINT = 'audit_event_append_only',
    MESSAGE = format('%s of audit_event is not allowed: events are written once', TG_OP);
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_written_once();

GRANT SELECT ON audit_event TO henkin_app;
GRANT INSERT (actor_id, actor_role, action, subject_type, subject_id, request_id, before, after, row_count, sum_jpy, rows_digest, confidential)
  ON audit_event TO henkin_app;
