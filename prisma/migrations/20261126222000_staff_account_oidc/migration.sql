-- A new account may be linked with the company's identity provider from the beginning: the two people who agree to the
-- account agree to its subject as well.

ALTER TABLE staff_account_request_row ADD COLUMN oidc_subject text CHECK (length(oidc_subject) BETWEEN 1 AND 255);
GRANT INSERT (oidc_subject) ON staff_account_request_row TO henkin_app;
GRANT INSERT (oidc_subject) ON staff TO henkin_app;

-- As before, with the subject; a request without one, such as those asked before, keeps its hash.
CREATE OR REPLACE FUNCTION staff_account_request_content_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(asked || string_agg(
    (CASE WHEN r.oidc_subject IS NULL THEN to_jsonb(r) - 'oidc_subject' ELSE to_jsonb(r) END)::text, E'\n' ORDER BY r.line_no), 'UTF8')), 'hex')
  FROM staff_account_request_row r WHERE r.request_id = asked
$$;

CREATE OR REPLACE FUNCTION guard_staff_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.role = 'administrator' AND NEW.status = 'active' AND NEW.oidc_subject IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('first administrator', 0));
    IF (SELECT count(*) FROM staff WHERE role = 'administrator' AND works_today(status, last_day)
          AND (password_hash IS NOT NULL OR activation_expires_at > now())) < 2 THEN
      RETURN NEW;
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM staff_account_request_row r JOIN staff_account_request q ON q.id = r.request_id
                 -- closed_at is the beginning of the transaction that closed it.
                 WHERE r.staff_id = NEW.id AND q.status = 'done' AND q.closed_at = now()
                   AND (r.login, r.display_name, r.role, r.customer_no, r.employer, r.team, r.mail, r.last_day, r.activation_hash, r.oidc_subject)
                     IS NOT DISTINCT FROM (NEW.login, NEW.display_name, NEW.role, NEW.customer_no, NEW.employer, NEW.team, NEW.mail, NEW.last_day, NEW.activation_hash, NEW.oidc_subject)) THEN
    PERFORM refuse('staff_needs_approval', 'no second person has agreed to this account');
  END IF;
  RETURN NEW;
END $$;
