-- Staff may sign in at the company's own identity provider.
--
-- What is guaranteed here, whatever the application does:
--   * whom the provider calls by a subject is one account, and two people said so; one may take that back
--   * a session opened by the provider's word needs such an account; any other needs a second factor of its own, as before

ALTER TABLE staff ADD COLUMN oidc_subject text
  CONSTRAINT staff_oidc_subject_key UNIQUE CHECK (length(oidc_subject) BETWEEN 1 AND 255);
GRANT UPDATE (oidc_subject) ON staff TO henkin_app;

-- Both factors were proven at the provider.
ALTER TABLE staff_session ADD COLUMN by_oidc boolean NOT NULL DEFAULT false;
GRANT INSERT (by_oidc) ON staff_session TO henkin_app;

CREATE OR REPLACE FUNCTION guard_staff_session() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.by_oidc THEN
    IF NOT EXISTS (SELECT FROM staff WHERE id = NEW.staff_id AND oidc_subject IS NOT NULL) THEN
      PERFORM refuse('staff_session_of_linked_account', 'no two people have linked this account with the identity provider');
    END IF;
  ELSIF NOT EXISTS (SELECT FROM staff_totp WHERE staff_id = NEW.staff_id)
     AND NOT EXISTS (SELECT FROM staff_passkey WHERE staff_id = NEW.staff_id) THEN
    PERFORM refuse('staff_session_needs_second_factor', 'this account has no second factor yet');
  END IF;
  IF NOT EXISTS (SELECT FROM staff WHERE id = NEW.staff_id AND works_today(status, last_day)) THEN
    PERFORM refuse('staff_session_of_active_staff', 'this account is disabled, or its last day is over');
  END IF;
  RETURN NEW;
END $$;

-- As before, with the subject.
CREATE OR REPLACE FUNCTION staff_change_request_content_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(r.id, r.staff_id, r.asked_by, r.wanted, r.reason, r.activation_hash,
    s.role, s.status, s.mail, s.last_day, s.customer_no, s.oidc_subject,
    (SELECT jsonb_agg(jsonb_build_array(f.customer_no, f.relation) ORDER BY f.customer_no) FROM staff_relative f WHERE f.staff_id = s.id))::text, 'UTF8')), 'hex')
  FROM staff_change_request r JOIN staff s ON s.id = r.staff_id WHERE r.id = asked
$$;

CREATE OR REPLACE FUNCTION guard_staff_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  agreed jsonb := staff_change_agreed_now(OLD.id);
BEGIN
  IF (NEW.role <> OLD.role AND agreed->>'role' IS DISTINCT FROM NEW.role::text)
    OR (NEW.status = 'active' AND OLD.status <> 'active' AND agreed->>'status' IS DISTINCT FROM 'active')
    OR (NEW.oidc_subject IS DISTINCT FROM OLD.oidc_subject AND NEW.oidc_subject IS NOT NULL
        AND agreed->>'oidcSubject' IS DISTINCT FROM NEW.oidc_subject)
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
