-- A lost second factor: one person asks for a reset, another agrees, the owner enrols anew.
--
-- What is guaranteed here, whatever the application does:
--   * nobody asks for, or agrees to, a reset of their own account
--   * a reset is done once, after another person has agreed to it for exactly this account, role and mail address
--   * the last second factor of an account is removed only by the transaction that does such a reset
--   * an account has one reset open at a time, and none is ever removed or rewritten

CREATE TYPE staff_factor_reset_status AS ENUM ('asked', 'done', 'refused', 'lapsed');

CREATE TABLE staff_factor_reset (
  id        uuid PRIMARY KEY DEFAULT uuidv7(),
  staff_id  uuid NOT NULL REFERENCES staff (id),
  asked_by  uuid NOT NULL REFERENCES staff (id),
  reason    text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 500),
  status    staff_factor_reset_status NOT NULL DEFAULT 'asked',
  asked_at  timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  CONSTRAINT staff_factor_reset_not_of_oneself CHECK (asked_by <> staff_id),
  CONSTRAINT staff_factor_reset_closed_is_complete CHECK ((status = 'asked') = (closed_at IS NULL))
);
CREATE UNIQUE INDEX staff_factor_reset_one_open ON staff_factor_reset (staff_id) WHERE status = 'asked';

-- Over all that is agreed to; a mail address or role that changes meanwhile makes it void.
CREATE FUNCTION staff_factor_reset_content_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(r.id, r.staff_id, r.asked_by, r.reason, s.role, s.mail)::text, 'UTF8')), 'hex')
  FROM staff_factor_reset r JOIN staff s ON s.id = r.staff_id WHERE r.id = asked
$$;

CREATE FUNCTION guard_staff_factor_reset() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'asked' THEN
    PERFORM refuse('staff_factor_reset_closed_for_ever', 'this reset is closed');
  END IF;
  IF NEW.status = 'done' THEN
    IF NOT is_approved('staff_factor_reset', OLD.id::text, staff_factor_reset_content_hash(OLD.id)) THEN
      PERFORM refuse('staff_factor_reset_needs_approval', 'no second person has agreed to this reset');
    END IF;
    IF EXISTS (SELECT FROM approval_request q LEFT JOIN approval_decision d ON d.request_id = q.id
               WHERE q.subject_type = 'staff_factor_reset' AND q.subject_id = OLD.id::text AND OLD.staff_id IN (q.maker_id, d.checker_id)) THEN
      PERFORM refuse('staff_factor_reset_not_of_oneself', 'nobody agrees to a reset of their own account');
    END IF;
  END IF;
  NEW.closed_at := CASE WHEN NEW.status <> 'asked' THEN now() END;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_factor_reset_guard BEFORE UPDATE ON staff_factor_reset
  FOR EACH ROW EXECUTE FUNCTION guard_staff_factor_reset();
CREATE TRIGGER staff_factor_reset_never_removed BEFORE DELETE OR TRUNCATE ON staff_factor_reset
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

CREATE FUNCTION guard_last_factor() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- Two who remove one factor each must see each other.
  PERFORM FROM staff WHERE id IN (SELECT staff_id FROM removed) ORDER BY id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM removed r
             WHERE NOT EXISTS (SELECT FROM staff_totp t WHERE t.staff_id = r.staff_id)
               AND NOT EXISTS (SELECT FROM staff_passkey p WHERE p.staff_id = r.staff_id)
               -- closed_at is the beginning of the transaction that closed it.
               AND NOT EXISTS (SELECT FROM staff_factor_reset f WHERE f.staff_id = r.staff_id AND f.status = 'done' AND f.closed_at = now())) THEN
    PERFORM refuse('staff_last_factor_stays', 'the last second factor goes only with a reset that two people agreed to');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER staff_totp_last AFTER DELETE ON staff_totp
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION guard_last_factor();
CREATE TRIGGER staff_passkey_last AFTER DELETE ON staff_passkey
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION guard_last_factor();

GRANT SELECT, INSERT (staff_id, asked_by, reason), UPDATE (status, closed_at) ON staff_factor_reset TO henkin_app;
