-- Changed contacts and identity checks: who takes over a mailbox, a phone or a sign-in does not take over the money.
--
-- What is guaranteed here, whatever the application does:
--   * each change of mail, phone or sign-in of a holder of a sealed balance is recorded, holds every uncredited claim and
--     leaves word for the former and the present mail address, in the statement that makes it, by a single change or by
--     a master file alike; a claim that is opened later is held too
--   * such a hold ends only when two facts have been verified anew: two checks of different kinds, passed, by two people,
--     made on the day of the change or later and recorded after it (asked by guard_claim_hold)
--   * identity checks are written once, not by a person about themselves or a relative, and none is made in the future
--   * a passed check of a document makes the holder verified, a failed one returned
--   * an address that was told, or given up, is forgotten

CREATE TYPE contact_field AS ENUM ('email', 'phone', 'sign_in');

CREATE TABLE contact_change (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id  bigint NOT NULL REFERENCES holder (id),
  fields     contact_field[] NOT NULL CHECK (cardinality(fields) > 0),
  -- Where it came from, as the application said (staff:…, holder_update:…, sign_in); null if it said nothing.
  origin     text CHECK (origin ~ '^[a-z_]{1,20}(:[A-Za-z0-9-]{1,64})?$'),
  -- Taken while the holder's row is locked, so that it stands in order with the checks.
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX contact_change_by_holder ON contact_change (holder_id, changed_at);
CREATE INDEX contact_change_by_origin ON contact_change (origin, changed_at);

-- due         told, given_up
-- told, given_up   never left
CREATE TYPE contact_notice_status AS ENUM ('due', 'told', 'given_up');

-- Mails about a change. Sent at least once: one that may have gone out is sent again under the same Message-ID.
CREATE TABLE contact_notice (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contact_change_id bigint NOT NULL REFERENCES contact_change (id),
  address           text,
  message_id        text NOT NULL DEFAULT new_message_id(),
  status            contact_notice_status NOT NULL DEFAULT 'due',
  attempts          smallint NOT NULL DEFAULT 0,
  next_try_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT contact_notice_forgets_address CHECK ((status = 'due') = (address IS NOT NULL))
);
CREATE INDEX contact_notice_due ON contact_notice (next_try_at, id) WHERE status = 'due';
CREATE INDEX contact_notice_by_change ON contact_notice (contact_change_id);

-- Documents: driving_licence, my_number_card, passport, residence_card, company_register, electronic (by camera).
-- Facts beside them: call_back (to a phone known before), letter (a code by registered letter), video_call.
CREATE TYPE identity_check_method AS ENUM ('driving_licence', 'my_number_card', 'passport', 'residence_card', 'company_register', 'electronic',
  'call_back', 'letter', 'video_call');

CREATE TABLE identity_check (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id       bigint NOT NULL REFERENCES holder (id),
  method          identity_check_method NOT NULL,
  -- Of the document, the recording or the letter.
  evidence_number text NOT NULL CHECK (evidence_number ~ '^[!-~]{1,64}$'),
  passed          boolean NOT NULL,
  checked_on      date NOT NULL,
  checked_by      uuid NOT NULL REFERENCES staff (id),
  recorded_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX identity_check_by_holder ON identity_check (holder_id, id);

CREATE FUNCTION is_document(method identity_check_method) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN method NOT IN ('call_back', 'letter', 'video_call');

-- How many facts have been verified since the newest change: the most that count, one per kind and person.
CREATE FUNCTION contact_facts_verified(asked bigint) RETURNS integer
LANGUAGE sql STABLE AS $$
  WITH newest AS (SELECT max(changed_at) AS changed_at FROM contact_change WHERE holder_id = asked),
  facts AS (
    SELECT DISTINCT k.method, k.checked_by FROM identity_check k, newest n
    WHERE k.holder_id = asked AND k.passed AND k.recorded_at > n.changed_at AND k.checked_on >= (n.changed_at AT TIME ZONE 'Asia/Tokyo')::date)
  SELECT CASE
    WHEN EXISTS (SELECT FROM facts a JOIN facts b ON b.method <> a.method AND b.checked_by <> a.checked_by) THEN 2
    WHEN EXISTS (SELECT FROM facts) THEN 1 ELSE 0 END
$$;

CREATE FUNCTION contact_is_verified(asked bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT FROM contact_change WHERE holder_id = asked) OR contact_facts_verified(asked) = 2
$$;

-- As the search keys see a phone: how it is written is no change.
CREATE FUNCTION plain_phone(phone text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(regexp_replace(phone, '[^0-9+]', '', 'g'), '^\+810?', '0');

CREATE FUNCTION freeze_changed_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE $q$
    WITH changed AS (
      SELECT o.id AS holder_id, o.email AS former, n.email AS present, n.account_status,
        array_remove(ARRAY[
          CASE WHEN lower(o.email) IS DISTINCT FROM lower(n.email) THEN 'email' END,
          CASE WHEN plain_phone(o.phone) IS DISTINCT FROM plain_phone(n.phone) THEN 'phone' END,
          -- The first sign-in of a customer is no change of the sign-in.
          CASE WHEN o.oidc_subject IS NOT NULL AND n.oidc_subject IS DISTINCT FROM o.oidc_subject THEN 'sign_in' END
        ]::contact_field[], NULL) AS fields
      FROM old_holder o JOIN new_holder n ON n.id = o.id
      WHERE (o.email, o.phone, o.oidc_subject) IS DISTINCT FROM (n.email, n.phone, n.oidc_subject)
    ), recorded AS (
      INSERT INTO contact_change (holder_id, fields, origin)
      SELECT c.holder_id, c.fields, nullif(current_setting('henkin.contact_origin', true), '') FROM changed c
      WHERE cardinality(c.fields) > 0
        AND EXISTS (SELECT FROM frozen_balance b JOIN snapshot s ON s.id = b.snapshot_id AND s.status = 'sealed' WHERE b.holder_id = c.holder_id)
      ORDER BY c.holder_id
      RETURNING id, holder_id
    ), told AS (
      INSERT INTO contact_notice (contact_change_id, address)
      SELECT r.id, a.address FROM recorded r JOIN changed c ON c.holder_id = r.holder_id AND c.account_status <> 'deceased'
      CROSS JOIN LATERAL (SELECT c.former AS address WHERE c.former IS NOT NULL
                          UNION ALL SELECT c.present WHERE lower(c.present) IS DISTINCT FROM lower(c.former) AND c.present IS NOT NULL) AS a
      ORDER BY r.id
    )
    INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
    SELECT f.id, 'open', 'active', 'contact_changed', 'Mail address, phone or sign-in changed: two facts are to be verified anew.',
           encode(sha256(convert_to('contact_changed:' || f.id, 'UTF8')), 'hex')
    -- Locked first: a claim that is being credited at this instant is looked at again afterwards, and left out.
    FROM (SELECT c.id FROM claim c JOIN recorded r ON r.holder_id = c.holder_id WHERE c.status <> 'credited'
          ORDER BY c.id FOR NO KEY UPDATE OF c) AS f
    WHERE NOT EXISTS (SELECT FROM claim_hold h WHERE h.claim_id = f.id AND h.status = 'active' AND h.reason_code = 'contact_changed' AND h.placed_by IS NULL)$q$;
  RETURN NULL;
END $$;
CREATE TRIGGER holder_freeze_changed_contact AFTER UPDATE ON holder
  REFERENCING OLD TABLE AS old_holder NEW TABLE AS new_holder FOR EACH STATEMENT EXECUTE FUNCTION freeze_changed_contact();

CREATE FUNCTION hold_claim_of_changed_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE $q$
    INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
    SELECT a.id, 'open', 'active', 'contact_changed', 'Mail address, phone or sign-in changed: two facts are to be verified anew.',
           encode(sha256(convert_to('contact_changed:' || a.id, 'UTF8')), 'hex')
    FROM added a WHERE a.holder_id IN (SELECT holder_id FROM contact_change) AND NOT contact_is_verified(a.holder_id) ORDER BY a.id$q$;
  RETURN NULL;
END $$;
CREATE TRIGGER claim_hold_changed_contact AFTER INSERT ON claim
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION hold_claim_of_changed_contact();

CREATE FUNCTION guard_identity_check() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  checked_customer_no text;
BEGIN
  SELECT customer_no INTO checked_customer_no FROM holder WHERE id = NEW.holder_id FOR NO KEY UPDATE;
  NEW.recorded_at := clock_timestamp();
  IF EXISTS (SELECT FROM staff_interest WHERE staff_id = NEW.checked_by AND customer_no = checked_customer_no) THEN
    PERFORM refuse('identity_check_not_about_oneself', 'this is the person who checks, or a relative');
  END IF;
  IF NEW.checked_on > (now() AT TIME ZONE 'Asia/Tokyo')::date THEN
    PERFORM refuse('identity_check_not_in_the_future', 'a check is recorded after it was made');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER identity_check_guard BEFORE INSERT ON identity_check
  FOR EACH ROW EXECUTE FUNCTION guard_identity_check();

CREATE FUNCTION keep_identity_status() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE holder SET identity_status = (CASE WHEN NEW.passed THEN 'verified' ELSE 'returned' END)::identity_status WHERE id = NEW.holder_id;
  RETURN NULL;
END $$;
CREATE TRIGGER identity_check_keep_status AFTER INSERT ON identity_check
  FOR EACH ROW WHEN (is_document(NEW.method)) EXECUTE FUNCTION keep_identity_status();

CREATE FUNCTION guard_contact_notice() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'due' OR (NEW.address IS NOT NULL AND NEW.address <> OLD.address) THEN
    PERFORM refuse('contact_notice_as_written', 'a notice goes to the address it was written for, until it is told or given up');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER contact_notice_guard BEFORE UPDATE ON contact_notice
  FOR EACH ROW EXECUTE FUNCTION guard_contact_notice();

CREATE TRIGGER contact_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON contact_change
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER contact_notice_never_removed BEFORE DELETE OR TRUNCATE ON contact_notice
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER identity_check_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON identity_check
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON contact_change, contact_notice, identity_check TO henkin_app;
GRANT UPDATE (status, address, attempts, next_try_at) ON contact_notice TO henkin_app;
GRANT INSERT (holder_id, method, evidence_number, passed, checked_on, checked_by) ON identity_check TO henkin_app;
