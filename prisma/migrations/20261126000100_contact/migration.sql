-- Calls, mails and notes (応対): who spoke with whom about what, what the caller could say of themselves, what was noted.
--
-- What these tables guarantee, whatever the application does:
--   * nobody opens, checks or notes anything about their own record or a relative's
--   * a contact never changes whom it is with and about, and is closed once, with topic and outcome
--   * a caller is checked only within the open call of the agent who has it, and only if this caller may be told anything; three
--     failed checks end it for this call, six within a day for this holder, whoever tries; one person checks at most 30 times an hour
--   * versions of a note follow one another and are written once; their text is destroyed only after two people agreed to it,
--     and hash, time and reason stay
--   * what compliance has to do with is marked by the database, so that nothing of it shows to others

CREATE TYPE contact_channel AS ENUM ('phone', 'mail');
CREATE TYPE contact_direction AS ENUM ('inbound', 'outbound');
CREATE TYPE contact_caller AS ENUM ('self', 'representative', 'heir', 'lawyer', 'press', 'police', 'other');
CREATE TYPE contact_topic AS ENUM ('amount', 'timing', 'under_review', 'quantity', 'identity_check', 'withdrawal', 'sign_in', 'contact_change',
  'inheritance', 'tax', 'fraud', 'threat', 'distress', 'press', 'police', 'lawyer', 'other');
CREATE TYPE contact_outcome AS ENUM ('answered', 'follow_up', 'handed_over', 'not_reached', 'broken_off');

CREATE FUNCTION is_compliance(asked uuid) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM staff WHERE id = asked AND role = 'compliance');

CREATE FUNCTION is_about_oneself(asked_staff uuid, asked_holder bigint) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM holder h JOIN staff_interest i ON i.customer_no = h.customer_no
               WHERE h.id = asked_holder AND i.staff_id = asked_staff);

CREATE TABLE contact (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel           contact_channel NOT NULL,
  direction         contact_direction NOT NULL,
  caller            contact_caller NOT NULL,
  -- Null: many who call hold nothing.
  holder_id         bigint REFERENCES holder (id),
  -- Which of the holder's representatives it is with.
  representative_id bigint,
  staff_id          uuid NOT NULL REFERENCES staff (id),
  confidential      boolean NOT NULL DEFAULT false,
  topic             contact_topic,
  outcome           contact_outcome,
  opened_at         timestamptz NOT NULL DEFAULT now(),
  -- Nobody stays on a call for ever because somebody forgot to close it; not the application's to choose.
  expires_at        timestamptz NOT NULL DEFAULT now() + interval '1 hour',
  closed_at         timestamptz,
  CONSTRAINT contact_representative_of_holder FOREIGN KEY (representative_id, holder_id) REFERENCES representative (id, holder_id),
  CONSTRAINT contact_representative_calls CHECK (representative_id IS NULL OR (holder_id IS NOT NULL AND caller IN ('representative', 'heir', 'lawyer'))),
  CONSTRAINT contact_close_is_complete CHECK ((closed_at IS NULL) = (topic IS NULL) AND (closed_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX contact_by_holder ON contact (holder_id, id) WHERE holder_id IS NOT NULL;
CREATE INDEX contact_open_by_holder ON contact (holder_id) WHERE holder_id IS NOT NULL AND closed_at IS NULL;
CREATE INDEX contact_by_time ON contact (opened_at);

CREATE FUNCTION guard_contact() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF is_about_oneself(NEW.staff_id, NEW.holder_id) THEN
    PERFORM refuse('contact_not_about_oneself', 'nobody speaks with a caller about their own record or a relative''s');
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.representative_id IS NOT NULL AND NOT EXISTS (SELECT FROM representative r WHERE r.id = NEW.representative_id AND representative_is_valid(r)) THEN
      PERFORM refuse('contact_with_valid_representative', 'this representative is not confirmed, or not for today');
    END IF;
    NEW.confidential := is_compliance(NEW.staff_id);
    RETURN NEW;
  END IF;
  IF OLD.closed_at IS NOT NULL OR to_jsonb(NEW) - ARRAY['topic', 'outcome', 'closed_at'] <> to_jsonb(OLD) - ARRAY['topic', 'outcome', 'closed_at'] THEN
    PERFORM refuse('contact_closed_once', 'a contact is closed once, and nothing else of it changes');
  END IF;
  NEW.closed_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER contact_guard BEFORE INSERT OR UPDATE ON contact
  FOR EACH ROW EXECUTE FUNCTION guard_contact();
CREATE TRIGGER contact_never_removed BEFORE DELETE OR TRUNCATE ON contact
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- What a caller said, compared: per field true, false, or null where nothing was said. What they said is not kept.
CREATE TABLE caller_check (
  id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contact_id         bigint NOT NULL REFERENCES contact (id),
  -- As the contact has it, for counting.
  holder_id          bigint NOT NULL REFERENCES holder (id),
  staff_id           uuid NOT NULL REFERENCES staff (id),
  birth_date_matches boolean,
  phone_matches      boolean,
  email_matches      boolean,
  passed             boolean NOT NULL GENERATED ALWAYS AS
    (coalesce(birth_date_matches::int, 0) + coalesce(phone_matches::int, 0) + coalesce(email_matches::int, 0) >= 2) STORED,
  checked_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT caller_check_asks_two CHECK (num_nonnulls(birth_date_matches, phone_matches, email_matches) >= 2)
);
CREATE INDEX caller_check_by_contact ON caller_check (contact_id);
CREATE INDEX caller_check_by_holder ON caller_check (holder_id, checked_at);
CREATE INDEX caller_check_by_staff ON caller_check (staff_id, checked_at);

-- May the person of this contact be told anything, if they prove to be who they say? A dead holder does not call.
CREATE FUNCTION caller_may_be_told(asked contact) RETURNS boolean
LANGUAGE sql STABLE
RETURN CASE (asked).caller
  WHEN 'self' THEN EXISTS (SELECT FROM holder WHERE id = (asked).holder_id AND account_status <> 'deceased')
  ELSE EXISTS (SELECT FROM representative r WHERE r.id = (asked).representative_id AND representative_is_valid(r))
END;

CREATE FUNCTION guard_caller_check_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  call contact;
BEGIN
  -- One check at a time of each person and about each holder, in this order, so that parallel ones see each other.
  PERFORM pg_advisory_xact_lock(hashtextextended('caller_check_by:' || NEW.staff_id, 0));
  SELECT * INTO call FROM contact WHERE id = NEW.contact_id;
  PERFORM pg_advisory_xact_lock(hashtextextended('caller_check_of:' || call.holder_id, 0));
  IF call.staff_id <> NEW.staff_id OR call.holder_id <> NEW.holder_id OR call.closed_at IS NOT NULL OR call.expires_at <= now() THEN
    PERFORM refuse('caller_check_in_open_contact', 'a caller is checked by whoever has the open contact, about its holder');
  END IF;
  IF is_about_oneself(NEW.staff_id, NEW.holder_id) THEN
    PERFORM refuse('caller_check_not_of_oneself', 'nobody checks against their own record or a relative''s');
  END IF;
  IF NOT caller_may_be_told(call) THEN
    PERFORM refuse('caller_check_of_entitled', 'only the holder or a confirmed representative may be told anything');
  END IF;
  IF EXISTS (SELECT FROM caller_check WHERE contact_id = NEW.contact_id AND passed)
     OR (SELECT count(*) FROM caller_check WHERE contact_id = NEW.contact_id) >= 3 THEN
    PERFORM refuse('caller_check_three_tries', 'this contact has passed, or has failed three times');
  END IF;
  IF (SELECT count(*) FROM caller_check WHERE holder_id = NEW.holder_id AND NOT passed AND checked_at > now() - interval '1 day') >= 6 THEN
    PERFORM refuse('caller_check_daily_cap', 'six checks about this holder failed within a day');
  END IF;
  IF (SELECT count(*) FROM caller_check WHERE staff_id = NEW.staff_id AND checked_at > now() - interval '1 hour') >= 30 THEN
    PERFORM refuse('caller_check_hourly_cap', 'more than 30 checks in an hour');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER caller_check_guard_insert BEFORE INSERT ON caller_check
  FOR EACH ROW EXECUTE FUNCTION guard_caller_check_insert();
CREATE TRIGGER caller_check_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON caller_check
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- A contact that is a complaint (苦情): what about, answered by when, and how it ended.
CREATE TYPE complaint_category AS ENUM ('delay', 'amount', 'price', 'explanation', 'conduct', 'service', 'other');
CREATE TYPE complaint_outcome AS ENUM ('explained', 'corrected', 'withdrawn', 'not_settled');
CREATE TABLE complaint (
  contact_id  bigint PRIMARY KEY REFERENCES contact (id),
  category    complaint_category NOT NULL,
  due_on      date NOT NULL,
  recorded_by uuid NOT NULL REFERENCES staff (id),
  recorded_at timestamptz NOT NULL DEFAULT now(),
  outcome     complaint_outcome,
  closed_by   uuid REFERENCES staff (id),
  closed_at   timestamptz,
  CONSTRAINT complaint_close_is_complete CHECK ((outcome IS NULL) = (closed_by IS NULL) AND (outcome IS NULL) = (closed_at IS NULL))
);

CREATE FUNCTION guard_complaint() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM contact c WHERE c.id = NEW.contact_id AND is_about_oneself(coalesce(NEW.closed_by, NEW.recorded_by), c.holder_id)) THEN
    PERFORM refuse('complaint_not_about_oneself', 'nobody handles a complaint of their own or of a relative');
  END IF;
  IF TG_OP = 'INSERT' THEN
    RETURN NEW;
  END IF;
  IF OLD.outcome IS NOT NULL OR to_jsonb(NEW) - ARRAY['outcome', 'closed_by', 'closed_at'] <> to_jsonb(OLD) - ARRAY['outcome', 'closed_by', 'closed_at'] THEN
    PERFORM refuse('complaint_closed_once', 'a complaint is closed once, and nothing else of it changes');
  END IF;
  NEW.closed_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_guard BEFORE INSERT OR UPDATE ON complaint
  FOR EACH ROW EXECUTE FUNCTION guard_complaint();
CREATE TRIGGER complaint_never_removed BEFORE DELETE OR TRUNCATE ON complaint
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

CREATE TABLE note (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id    bigint REFERENCES holder (id),
  contact_id   bigint REFERENCES contact (id),
  written_by   uuid NOT NULL REFERENCES staff (id),
  written_at   timestamptz NOT NULL DEFAULT now(),
  confidential boolean NOT NULL DEFAULT false,
  CONSTRAINT note_is_about_something CHECK (num_nonnulls(holder_id, contact_id) >= 1)
);
CREATE INDEX note_by_holder ON note (holder_id, id) WHERE holder_id IS NOT NULL;
CREATE INDEX note_by_contact ON note (contact_id, id) WHERE contact_id IS NOT NULL;

CREATE FUNCTION guard_note_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  call contact;
BEGIN
  IF NEW.contact_id IS NOT NULL THEN
    SELECT * INTO call FROM contact WHERE id = NEW.contact_id;
    IF call.holder_id IS DISTINCT FROM NEW.holder_id OR call.confidential <> is_compliance(NEW.written_by) THEN
      PERFORM refuse('note_fits_contact', 'a note on a contact is about its holder, and for the same readers');
    END IF;
  END IF;
  IF is_about_oneself(NEW.written_by, NEW.holder_id) THEN
    PERFORM refuse('note_not_about_oneself', 'nobody writes notes about their own record or a relative''s');
  END IF;
  NEW.confidential := is_compliance(NEW.written_by);
  RETURN NEW;
END $$;
CREATE TRIGGER note_guard_insert BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION guard_note_insert();
CREATE TRIGGER note_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON note
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

CREATE TABLE note_version (
  note_id      bigint NOT NULL REFERENCES note (id),
  version      integer NOT NULL CHECK (version > 0),
  -- Null: destroyed.
  text         text CONSTRAINT note_text_is_plain CHECK (is_plain_text(text) AND length(text) <= 4000),
  -- Computed by the database, and kept when the text is destroyed.
  text_sha256  text NOT NULL,
  direction    contact_direction,
  topic        contact_topic NOT NULL,
  outcome      contact_outcome,
  -- The day in Japan on which somebody has to come back to it; null: nothing is open.
  follow_up_on date,
  written_by   uuid NOT NULL REFERENCES staff (id),
  written_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT note_version_key PRIMARY KEY (note_id, version)
);

-- Asked for by one, done when another agreed.
CREATE TABLE note_redaction (
  id          uuid PRIMARY KEY DEFAULT uuidv7(),
  note_id     bigint NOT NULL REFERENCES note (id),
  reason      text NOT NULL CONSTRAINT note_redaction_reason_is_plain CHECK (is_plain_text(reason) AND length(reason) <= 500),
  asked_by    uuid NOT NULL REFERENCES staff (id),
  asked_at    timestamptz NOT NULL DEFAULT now(),
  redacted_at timestamptz
);
CREATE INDEX note_redaction_by_note ON note_redaction (note_id);

-- What two people agree to destroy: the note, the reason, and every version as it was.
CREATE FUNCTION note_redaction_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE
RETURN (
  SELECT encode(sha256(convert_to(jsonb_build_array(r.id, r.note_id, r.reason, r.asked_by,
    (SELECT jsonb_agg(v.text_sha256 ORDER BY v.version) FROM note_version v WHERE v.note_id = r.note_id))::text, 'UTF8')), 'hex')
  FROM note_redaction r WHERE r.id = asked);

-- Of notes that compliance wrote, the request is compliance's alone.
CREATE FUNCTION note_redaction_is_approved(asked note_redaction) RETURNS boolean
LANGUAGE sql STABLE
RETURN is_approved((SELECT CASE WHEN confidential THEN 'confidential_note_redaction' ELSE 'note_redaction' END FROM note WHERE id = (asked).note_id),
  (asked).id::text, note_redaction_hash((asked).id));

CREATE FUNCTION guard_note_version() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  of note;
BEGIN
  -- One after the other, so that two edits at once see each other, and a redaction sees every version.
  PERFORM pg_advisory_xact_lock(hashtextextended('note:' || NEW.note_id, 0));
  IF TG_OP = 'UPDATE' THEN
    IF NEW.text IS NOT NULL OR to_jsonb(NEW) - 'text' <> to_jsonb(OLD) - 'text'
       OR NOT EXISTS (SELECT FROM note_redaction r WHERE r.note_id = OLD.note_id AND note_redaction_is_approved(r)) THEN
      PERFORM refuse('note_version_written_once', 'the text of a note is only ever destroyed, after two people agreed');
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO of FROM note WHERE id = NEW.note_id;
  IF NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM note_version WHERE note_id = NEW.note_id) THEN
    PERFORM refuse('note_version_follows', 'a version follows the one before');
  END IF;
  IF is_about_oneself(NEW.written_by, of.holder_id) THEN
    PERFORM refuse('note_not_about_oneself', 'nobody writes notes about their own record or a relative''s');
  END IF;
  IF of.confidential <> is_compliance(NEW.written_by) THEN
    PERFORM refuse('note_version_for_same_readers', 'compliance edits its own notes, and nobody else does');
  END IF;
  IF EXISTS (SELECT FROM note_redaction WHERE note_id = NEW.note_id AND redacted_at IS NOT NULL) THEN
    PERFORM refuse('note_redacted_for_good', 'the note was redacted: write another');
  END IF;
  IF NEW.text IS NULL THEN
    PERFORM refuse('note_version_has_text', 'a version is written with its text');
  END IF;
  NEW.text_sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');
  RETURN NEW;
END $$;
CREATE TRIGGER note_version_guard BEFORE INSERT OR UPDATE ON note_version
  FOR EACH ROW EXECUTE FUNCTION guard_note_version();
CREATE TRIGGER note_version_never_removed BEFORE DELETE OR TRUNCATE ON note_version
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

CREATE FUNCTION guard_note_redaction() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM note n WHERE n.id = NEW.note_id AND is_about_oneself(NEW.asked_by, n.holder_id)) THEN
    PERFORM refuse('note_not_about_oneself', 'nobody redacts notes about their own record or a relative''s');
  END IF;
  IF TG_OP = 'INSERT' THEN
    RETURN NEW;
  END IF;
  IF OLD.redacted_at IS NOT NULL OR to_jsonb(NEW) - 'redacted_at' <> to_jsonb(OLD) - 'redacted_at' OR NOT note_redaction_is_approved(OLD) THEN
    PERFORM refuse('note_redaction_needs_another', 'no second person has agreed to this redaction');
  END IF;
  NEW.redacted_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER note_redaction_guard BEFORE INSERT OR UPDATE ON note_redaction
  FOR EACH ROW EXECUTE FUNCTION guard_note_redaction();
CREATE TRIGGER note_redaction_never_removed BEFORE DELETE OR TRUNCATE ON note_redaction
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- The only way in which the application destroys a text; answers how many versions had one. The guards above decide.
CREATE FUNCTION redact_note(asked uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  destroyed integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('note:' || note_id, 0)) FROM note_redaction WHERE id = asked;
  UPDATE note_version SET text = NULL WHERE note_id = (SELECT note_id FROM note_redaction WHERE id = asked) AND text IS NOT NULL;
  GET DIAGNOSTICS destroyed = ROW_COUNT;
  UPDATE note_redaction SET redacted_at = now() WHERE id = asked;
  RETURN destroyed;
END $$;
REVOKE EXECUTE ON FUNCTION redact_note(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION redact_note(uuid) TO henkin_app;

GRANT SELECT ON contact, caller_check, complaint, note, note_version, note_redaction TO henkin_app;
GRANT INSERT (channel, direction, caller, holder_id, representative_id, staff_id), UPDATE (topic, outcome) ON contact TO henkin_app;
GRANT INSERT (contact_id, holder_id, staff_id, birth_date_matches, phone_matches, email_matches) ON caller_check TO henkin_app;
GRANT INSERT (contact_id, category, due_on, recorded_by), UPDATE (outcome, closed_by) ON complaint TO henkin_app;
GRANT INSERT (holder_id, contact_id, written_by) ON note TO henkin_app;
GRANT INSERT (note_id, version, text, direction, topic, outcome, follow_up_on, written_by) ON note_version TO henkin_app;
GRANT INSERT (note_id, reason, asked_by) ON note_redaction TO henkin_app;
