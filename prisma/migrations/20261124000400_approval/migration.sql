-- Maker–checker: one mechanism for everything that needs two people.
--
-- What these tables guarantee, whatever the application does:
--   * the checker of a request is never its maker (by id), and decides at most once;
--   * a request needs two checkers as soon as what the same maker has asked for on the same
--     JST day for the same subject adds up to more than 100,000,000 JPY: splitting does not help;
--   * a request becomes 'approved' only while it is pending, unexpired, refused by nobody and
--     decided by as many distinct checkers as it needs;
--   * nobody makes or checks a request that names a customer number of their own or of a relative;
--   * nobody makes or checks one who is disabled, or whose last day is over;
--   * requests are never rewritten and decisions never change.

-- The one way in which a guard says no: SQLSTATE HK001, with the guard's name as CONSTRAINT.
CREATE FUNCTION refuse(guard text, message text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'HK001', CONSTRAINT = guard, MESSAGE = message;
END $$;

-- For append-only tables: the privileges of henkin_app already deny these; the trigger also
-- stops whoever owns the table.
CREATE FUNCTION forbid_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse(TG_TABLE_NAME || '_append_only', format('%s of %s is not allowed: its rows are written once', TG_OP, TG_TABLE_NAME));
  RETURN NULL;
END $$;

-- pending is left for exactly one of the others, none of which is ever left:
--   approved  the last checker that was needed has approved, and what was asked for took effect
--   refused   a checker refused it, with a reason
--   expired   nobody decided in time
--   voided    what it stood for was changed or withdrawn before it took effect
CREATE TYPE approval_status AS ENUM ('pending', 'approved', 'refused', 'expired', 'voided');
CREATE TYPE approval_verdict AS ENUM ('approve', 'refuse');

CREATE TABLE approval_request (
  id                 uuid PRIMARY KEY DEFAULT uuidv7(),
  subject_type       text NOT NULL CHECK (subject_type ~ '^[a-z_]{1,40}$'),
  subject_id         text NOT NULL CHECK (subject_id ~ '^[A-Za-z0-9-]{1,64}$'),
  content_hash       text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  amount_jpy         bigint CHECK (amount_jpy >= 0),
  required_checkers  smallint NOT NULL CHECK (required_checkers BETWEEN 1 AND 5),
  maker_id           uuid NOT NULL REFERENCES staff (id),
  named_customer_nos text[] NOT NULL DEFAULT '{}',
  status             approval_status NOT NULL DEFAULT 'pending',
  created_at         timestamptz NOT NULL DEFAULT now(),
  jst_day            date NOT NULL GENERATED ALWAYS AS ((timezone('Asia/Tokyo', created_at))::date) STORED,
  expires_at         timestamptz NOT NULL CHECK (expires_at > created_at),
  closed_at          timestamptz,
  outcome            jsonb,
  CHECK ((status = 'pending') = (closed_at IS NULL)),
  UNIQUE (id, maker_id)
);
-- At most one open question about a thing.
CREATE UNIQUE INDEX approval_request_one_pending ON approval_request (subject_type, subject_id) WHERE status = 'pending';
CREATE INDEX approval_request_by_subject ON approval_request (subject_type, subject_id, id);
CREATE INDEX approval_request_by_maker_day ON approval_request (maker_id, subject_type, jst_day);

CREATE TABLE approval_decision (
  request_id uuid NOT NULL,
  maker_id   uuid NOT NULL,
  checker_id uuid NOT NULL REFERENCES staff (id),
  decision   approval_verdict NOT NULL,
  reason     text CHECK (length(reason) <= 2000),
  decided_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT approval_decision_one_per_checker PRIMARY KEY (request_id, checker_id),
  -- maker_id is repeated here only so that the next line can be a CHECK.
  CONSTRAINT approval_decision_request FOREIGN KEY (request_id, maker_id) REFERENCES approval_request (id, maker_id),
  CONSTRAINT approval_decision_checker_is_not_maker CHECK (checker_id <> maker_id),
  CONSTRAINT approval_decision_refusal_has_reason CHECK (decision = 'approve' OR length(btrim(coalesce(reason, ''))) > 0)
);
CREATE INDEX approval_decision_by_checker ON approval_decision (checker_id, decided_at);

-- How many checkers a request needs by law of the programme; the application may only ask for more.
CREATE FUNCTION least_checkers(maker uuid, subject text, day date, amount bigint) RETURNS smallint
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN coalesce(amount, 0) + coalesce(sum(amount_jpy), 0) > 100000000 THEN 2 ELSE 1 END::smallint
  FROM approval_request
  WHERE maker_id = maker AND subject_type = subject AND jst_day = day AND status IN ('pending', 'approved')
$$;

CREATE FUNCTION guard_approval_request_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- Two requests of one maker at the same instant must see each other's amounts.
  PERFORM pg_advisory_xact_lock(hashtextextended('approval_request:' || NEW.maker_id || ':' || NEW.subject_type, 0));
  -- The clock of a request is the database's: a chosen created_at would choose the day's sum.
  NEW.created_at := now();
  NEW.closed_at := NULL;
  NEW.outcome := NULL;
  IF NEW.status <> 'pending' THEN
    PERFORM refuse('approval_request_begins_pending', 'a request begins as pending');
  END IF;
  IF NEW.required_checkers < least_checkers(NEW.maker_id, NEW.subject_type, timezone('Asia/Tokyo', NEW.created_at)::date, NEW.amount_jpy) THEN
    PERFORM refuse('approval_request_enough_checkers', 'this amount, added to what the maker asked for today, needs two checkers');
  END IF;
  IF NOT EXISTS (SELECT FROM staff WHERE id = NEW.maker_id AND works_today(status, last_day)) THEN
    PERFORM refuse('approval_by_active_staff', 'this account is disabled, or its last day is over');
  END IF;
  IF EXISTS (SELECT FROM staff_interest i WHERE i.staff_id = NEW.maker_id AND i.customer_no = ANY (NEW.named_customer_nos)) THEN
    PERFORM refuse('approval_not_about_own_money', 'the request names a customer number of its maker or of a relative');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_request_guard_insert BEFORE INSERT ON approval_request
  FOR EACH ROW EXECUTE FUNCTION guard_approval_request_insert();

CREATE FUNCTION guard_approval_request_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  approvals integer;
  refusals integer;
BEGIN
  IF (NEW.id, NEW.subject_type, NEW.subject_id, NEW.content_hash, NEW.amount_jpy, NEW.required_checkers, NEW.maker_id,
      NEW.named_customer_nos, NEW.created_at, NEW.expires_at)
     IS DISTINCT FROM
     (OLD.id, OLD.subject_type, OLD.subject_id, OLD.content_hash, OLD.amount_jpy, OLD.required_checkers, OLD.maker_id,
      OLD.named_customer_nos, OLD.created_at, OLD.expires_at) THEN
    PERFORM refuse('approval_request_never_rewritten', 'what was asked for cannot be changed: ask anew');
  END IF;
  -- What took effect is noted once, after the approval and in its transaction.
  IF OLD.status = 'approved' AND NEW.status = 'approved' AND OLD.outcome IS NULL AND NEW.closed_at = OLD.closed_at THEN
    RETURN NEW;
  END IF;
  IF OLD.status <> 'pending' THEN
    PERFORM refuse('approval_request_closed_for_ever', format('request %s is already %s', OLD.id, OLD.status));
  END IF;
  SELECT count(*) FILTER (WHERE decision = 'approve'), count(*) FILTER (WHERE decision = 'refuse')
    INTO approvals, refusals FROM approval_decision WHERE request_id = OLD.id;
  IF NEW.status = 'approved' AND (approvals < OLD.required_checkers OR refusals > 0 OR OLD.expires_at <= now()) THEN
    PERFORM refuse('approval_request_not_decided', format('%s of %s approvals, %s refusals', approvals, OLD.required_checkers, refusals));
  END IF;
  IF NEW.status = 'refused' AND refusals = 0 THEN
    PERFORM refuse('approval_request_not_decided', 'no checker refused it');
  END IF;
  IF NEW.status = 'expired' AND OLD.expires_at > now() THEN
    PERFORM refuse('approval_request_not_expired', 'it can still be decided');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_request_guard_update BEFORE UPDATE ON approval_request
  FOR EACH ROW EXECUTE FUNCTION guard_approval_request_update();

CREATE FUNCTION guard_approval_decision_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  request approval_request%ROWTYPE;
BEGIN
  -- Decisions on one request are taken one after the other, so that the last one is the last.
  SELECT * INTO request FROM approval_request WHERE id = NEW.request_id FOR NO KEY UPDATE;
  IF request.status <> 'pending' OR request.expires_at <= now() THEN
    PERFORM refuse('approval_decision_on_open_request', 'the request can no longer be decided');
  END IF;
  IF NOT EXISTS (SELECT FROM staff WHERE id = NEW.checker_id AND works_today(status, last_day)) THEN
    PERFORM refuse('approval_by_active_staff', 'this account is disabled, or its last day is over');
  END IF;
  IF EXISTS (SELECT FROM staff_interest i WHERE i.staff_id = NEW.checker_id AND i.customer_no = ANY (request.named_customer_nos)) THEN
    PERFORM refuse('approval_not_about_own_money', 'the request names a customer number of the checker or of a relative');
  END IF;
  NEW.decided_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER approval_decision_guard_insert BEFORE INSERT ON approval_decision
  FOR EACH ROW EXECUTE FUNCTION guard_approval_decision_insert();

CREATE TRIGGER approval_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_decision
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER approval_request_never_removed BEFORE DELETE OR TRUNCATE ON approval_request
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- For the guards of other tables: was exactly this content of exactly this thing approved?
CREATE FUNCTION is_approved(subject text, subject_key text, hash text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM approval_request
                 WHERE subject_type = subject AND subject_id = subject_key AND content_hash = hash AND status = 'approved')
$$;

GRANT SELECT, INSERT ON approval_request, approval_decision TO henkin_app;
GRANT UPDATE (status, closed_at, outcome) ON approval_request TO henkin_app;
