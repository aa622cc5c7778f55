-- What widens the access of an account of staff: one person asks for it, another agrees.
--
-- What is guaranteed here, whatever the application does:
--   * another role, a later last day, being enabled again, another mail address, and a customer number or relative taken
--     away come only as two people agreed to them, in the transaction that does their request
--   * a password ends only with a reset that two people agreed to, of the password or of all factors
--   * nobody asks for, or agrees to, a change of their own account
--   * a request is done once, for the account as it was when it was asked for; none is ever removed or rewritten
-- What narrows needs nobody else: disabling, an earlier last day, a customer number or relative that is declared.

-- asked                  done, refused, lapsed
-- done, refused, lapsed  never left
CREATE TYPE staff_change_request_status AS ENUM ('asked', 'done', 'refused', 'lapsed');

CREATE TABLE staff_change_request (
  id        uuid PRIMARY KEY DEFAULT uuidv7(),
  staff_id  uuid NOT NULL REFERENCES staff (id),
  asked_by  uuid NOT NULL REFERENCES staff (id),
  -- What will be: role, status, mail, lastDay, customerNo, relatives, passwordReset; what is left out stays.
  wanted    jsonb NOT NULL CHECK (jsonb_typeof(wanted) = 'object' AND wanted <> '{}'),
  reason    text CHECK (length(btrim(reason)) BETWEEN 1 AND 500),
  -- Of the token that was shown to whoever asked for a reset of an account without a mail address.
  activation_hash text CHECK (activation_hash ~ '^[0-9a-f]{64}$'),
  status    staff_change_request_status NOT NULL DEFAULT 'asked',
  asked_at  timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  CONSTRAINT staff_change_request_not_of_oneself CHECK (asked_by <> staff_id),
  CONSTRAINT staff_change_request_closed_is_complete CHECK ((status = 'asked') = (closed_at IS NULL))
);
CREATE INDEX staff_change_request_by_staff ON staff_change_request (staff_id);

-- Over all that is agreed to, and the account as it is: whatever changes meanwhile makes the request void.
CREATE FUNCTION staff_change_request_content_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(r.id, r.staff_id, r.asked_by, r.wanted, r.reason, r.activation_hash,
    s.role, s.status, s.mail, s.last_day, s.customer_no,
    (SELECT jsonb_agg(jsonb_build_array(f.customer_no, f.relation) ORDER BY f.customer_no) FROM staff_relative f WHERE f.staff_id = s.id))::text, 'UTF8')), 'hex')
  FROM staff_change_request r JOIN staff s ON s.id = r.staff_id WHERE r.id = asked
$$;

CREATE FUNCTION guard_staff_change_request() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'asked' THEN
    PERFORM refuse('staff_change_request_closed_for_ever', 'this request is closed');
  END IF;
  IF NEW.status = 'done' THEN
    IF NOT is_approved('staff_change', OLD.id::text, staff_change_request_content_hash(OLD.id)) THEN
      PERFORM refuse('staff_change_request_needs_approval', 'no second person has agreed to this change');
    END IF;
    IF EXISTS (SELECT FROM approval_request q LEFT JOIN approval_decision d ON d.request_id = q.id
               WHERE q.subject_type = 'staff_change' AND q.subject_id = OLD.id::text AND OLD.staff_id IN (q.maker_id, d.checker_id)) THEN
      PERFORM refuse('staff_change_request_not_of_oneself', 'nobody agrees to a change of their own account');
    END IF;
  END IF;
  NEW.closed_at := CASE WHEN NEW.status <> 'asked' THEN now() END;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_change_request_guard BEFORE UPDATE ON staff_change_request
  FOR EACH ROW EXECUTE FUNCTION guard_staff_change_request();
CREATE TRIGGER staff_change_request_never_removed BEFORE DELETE OR TRUNCATE ON staff_change_request
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- All that two people have agreed to about an account in this transaction; closed_at is its beginning.
CREATE FUNCTION staff_change_agreed_now(person uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT wanted FROM staff_change_request WHERE staff_id = person AND status = 'done' AND closed_at = now() LIMIT 1), '{}')
$$;

CREATE FUNCTION guard_staff_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  agreed jsonb := staff_change_agreed_now(OLD.id);
BEGIN
  IF (NEW.role <> OLD.role AND agreed->>'role' IS DISTINCT FROM NEW.role::text)
    OR (NEW.status = 'active' AND OLD.status <> 'active' AND agreed->>'status' IS DISTINCT FROM 'active')
    OR (NEW.mail IS DISTINCT FROM OLD.mail AND (NOT agreed ? 'mail' OR agreed->>'mail' IS DISTINCT FROM NEW.mail))
    OR (NEW.customer_no IS DISTINCT FROM OLD.customer_no AND OLD.customer_no IS NOT NULL
        AND (NOT agreed ? 'customerNo' OR agreed->>'customerNo' IS DISTINCT FROM NEW.customer_no))
    OR (OLD.last_day IS NOT NULL AND (NEW.last_day IS NULL OR NEW.last_day > OLD.last_day)
        AND (NOT agreed ? 'lastDay' OR (agreed->>'lastDay')::date IS DISTINCT FROM NEW.last_day)) THEN
    PERFORM refuse('staff_change_needs_approval', 'no second person has agreed to this change of an account');
  END IF;
  IF OLD.password_hash IS NOT NULL AND NEW.password_hash IS NULL AND NOT agreed ? 'passwordReset'
    AND NOT EXISTS (SELECT FROM staff_factor_reset WHERE staff_id = OLD.id AND status = 'done' AND closed_at = now()) THEN
    PERFORM refuse('staff_reset_needs_approval', 'no second person has agreed to end this password');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_guard_update BEFORE UPDATE ON staff
  FOR EACH ROW WHEN (current_user = 'henkin_app') EXECUTE FUNCTION guard_staff_update();

CREATE FUNCTION guard_staff_relative() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  agreed jsonb := staff_change_agreed_now(OLD.staff_id);
BEGIN
  IF NOT agreed ? 'relatives' OR agreed->'relatives' @> jsonb_build_array(jsonb_build_object('customerNo', OLD.customer_no)) THEN
    PERFORM refuse('staff_change_needs_approval', 'no second person has agreed that this relative is none');
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER staff_relative_guard BEFORE DELETE ON staff_relative
  FOR EACH ROW WHEN (current_user = 'henkin_app') EXECUTE FUNCTION guard_staff_relative();

GRANT SELECT, INSERT (staff_id, asked_by, wanted, reason, activation_hash), UPDATE (status, closed_at) ON staff_change_request TO henkin_app;
GRANT UPDATE (relation) ON staff_relative TO henkin_app;
