-- Reveals (マスク解除): who saw which personal fields of whom in the clear, and why.
--
-- What this table guarantees, whatever the application does:
--   * a reveal is written once and never changes, with reason and reference
--   * nobody reveals their own record or a relative's
--   * one person reveals at most 60 holders in any hour
CREATE TABLE reveal (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id   bigint NOT NULL REFERENCES holder (id),
  staff_id    uuid NOT NULL REFERENCES staff (id),
  fields      text[] NOT NULL CONSTRAINT reveal_fields_known CHECK
    (cardinality(fields) BETWEEN 1 AND 5 AND fields <@ ARRAY['name', 'nameKana', 'email', 'phone', 'birthDate']),
  reason      text NOT NULL CHECK (length(btrim(reason)) BETWEEN 5 AND 500),
  reference   text NOT NULL CHECK (length(btrim(reference)) BETWEEN 1 AND 100),
  revealed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX reveal_by_staff ON reveal (staff_id, revealed_at);
CREATE INDEX reveal_by_holder ON reveal (holder_id, id);

CREATE FUNCTION guard_reveal_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- One reveal of a person at a time, so that parallel ones see each other.
  PERFORM pg_advisory_xact_lock(hashtextextended('reveal:' || NEW.staff_id, 0));
  IF EXISTS (SELECT FROM staff_interest i JOIN holder h ON h.customer_no = i.customer_no
             WHERE i.staff_id = NEW.staff_id AND h.id = NEW.holder_id) THEN
    PERFORM refuse('reveal_not_of_oneself', 'nobody reveals their own record or a relative''s');
  END IF;
  IF (SELECT count(*) FROM reveal WHERE staff_id = NEW.staff_id AND revealed_at > now() - interval '1 hour') >= 60 THEN
    PERFORM refuse('reveal_hourly_cap', 'more than 60 reveals in an hour');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reveal_guard_insert BEFORE INSERT ON reveal FOR EACH ROW EXECUTE FUNCTION guard_reveal_insert();
CREATE TRIGGER reveal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reveal
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT, INSERT (holder_id, staff_id, fields, reason, reference) ON reveal TO henkin_app;
