-- New accounts of staff: one person asks for them, one by one or as a file, another agrees.
--
-- What is guaranteed here, whatever the application does:
--   * the application makes an account only as two people have agreed to it, in the transaction that does the request;
--     the first two administrators of an installation are made by whoever operates it
--   * a request is done once and as a whole; its rows are never changed, and none is added once it is closed

CREATE TYPE staff_account_request_status AS ENUM ('asked', 'done', 'refused', 'lapsed');

CREATE TABLE staff_account_request (
  id        uuid PRIMARY KEY DEFAULT uuidv7(),
  asked_by  uuid NOT NULL REFERENCES staff (id),
  status    staff_account_request_status NOT NULL DEFAULT 'asked',
  asked_at  timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  CONSTRAINT staff_account_request_closed_is_complete CHECK ((status = 'asked') = (closed_at IS NULL))
);

CREATE TABLE staff_account_request_row (
  request_id      uuid NOT NULL REFERENCES staff_account_request (id),
  line_no         integer NOT NULL,
  -- The account that it becomes.
  staff_id        uuid NOT NULL DEFAULT uuidv7() CONSTRAINT staff_account_request_row_staff_key UNIQUE,
  login           text NOT NULL,
  display_name    text NOT NULL,
  role            staff_role NOT NULL,
  customer_no     text,
  employer        text,
  team            text,
  mail            text,
  last_day        date,
  -- Of the token that was shown to whoever asked; an account with a mail address gets its token there.
  activation_hash text CHECK (activation_hash ~ '^[0-9a-f]{64}$'),
  PRIMARY KEY (request_id, line_no),
  CONSTRAINT staff_account_request_row_one_way CHECK ((mail IS NULL) = (activation_hash IS NOT NULL))
);

CREATE FUNCTION staff_account_request_content_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(asked || string_agg(to_jsonb(r)::text, E'\n' ORDER BY r.line_no), 'UTF8')), 'hex')
  FROM staff_account_request_row r WHERE r.request_id = asked
$$;

CREATE FUNCTION guard_staff_account_request() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'asked' THEN
    PERFORM refuse('staff_account_request_closed_for_ever', 'this request is closed');
  END IF;
  IF NEW.status = 'done' AND NOT is_approved('staff_accounts', OLD.id::text, staff_account_request_content_hash(OLD.id)) THEN
    PERFORM refuse('staff_account_request_needs_approval', 'no second person has agreed to these accounts');
  END IF;
  NEW.closed_at := CASE WHEN NEW.status <> 'asked' THEN now() END;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_account_request_guard BEFORE UPDATE ON staff_account_request
  FOR EACH ROW EXECUTE FUNCTION guard_staff_account_request();

CREATE FUNCTION guard_staff_account_request_row() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM staff_account_request WHERE id = NEW.request_id AND status = 'asked') THEN
    PERFORM refuse('staff_account_request_closed_for_ever', 'this request is closed');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_account_request_row_guard BEFORE INSERT ON staff_account_request_row
  FOR EACH ROW EXECUTE FUNCTION guard_staff_account_request_row();

CREATE TRIGGER staff_account_request_never_removed BEFORE DELETE OR TRUNCATE ON staff_account_request
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER staff_account_request_row_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_account_request_row
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

CREATE FUNCTION guard_staff_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.role = 'administrator' AND NEW.status = 'active' THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('first administrator', 0));
    IF (SELECT count(*) FROM staff WHERE role = 'administrator' AND works_today(status, last_day)
          AND (password_hash IS NOT NULL OR activation_expires_at > now())) < 2 THEN
      RETURN NEW;
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM staff_account_request_row r JOIN staff_account_request q ON q.id = r.request_id
                 -- closed_at is the beginning of the transaction that closed it.
                 WHERE r.staff_id = NEW.id AND q.status = 'done' AND q.closed_at = now()
                   AND (r.login, r.display_name, r.role, r.customer_no, r.employer, r.team, r.mail, r.last_day, r.activation_hash)
                     IS NOT DISTINCT FROM (NEW.login, NEW.display_name, NEW.role, NEW.customer_no, NEW.employer, NEW.team, NEW.mail, NEW.last_day, NEW.activation_hash)) THEN
    PERFORM refuse('staff_needs_approval', 'no second person has agreed to this account');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER staff_guard_insert BEFORE INSERT ON staff
  FOR EACH ROW WHEN (current_user = 'henkin_app') EXECUTE FUNCTION guard_staff_insert();

GRANT SELECT, INSERT (asked_by), UPDATE (status, closed_at) ON staff_account_request TO henkin_app;
GRANT SELECT, INSERT (request_id, line_no, login, display_name, role, customer_no, employer, team, mail, last_day, activation_hash)
  ON staff_account_request_row TO henkin_app;
