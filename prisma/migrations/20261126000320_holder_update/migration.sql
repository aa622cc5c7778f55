-- Holder updates: a later master file with names, contacts and states, applied to the holders who are there already.
--
-- What these tables guarantee, whatever the application does:
--   * what a file would change is written while it is checked, and never rewritten afterwards
--   * it is applied once, after a second person has agreed to exactly these rows
--   * it names only holders who are there, and has no column for a quantity
-- That history is kept and claims are frozen follows from the tables of holders themselves.

-- checking → ready (every row is right) | invalid (what is wrong is listed; correct the file and upload it again)
-- ready    → applied (by two people) | refused
CREATE TYPE holder_update_status AS ENUM ('checking', 'invalid', 'ready', 'applied', 'refused');

CREATE TABLE holder_update (
  id            uuid PRIMARY KEY DEFAULT uuidv7(),
  status        holder_update_status NOT NULL DEFAULT 'checking',
  file_sha256   text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
  uploaded_by   uuid NOT NULL REFERENCES staff (id),
  created_at    timestamptz NOT NULL DEFAULT now(),
  row_count     bigint,
  changed_count bigint,
  unknown_count bigint,
  error_count   bigint,
  -- How many holders change, by column.
  changes       jsonb,
  content_hash  text CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  applied_at    timestamptz,
  applied_count bigint,
  CONSTRAINT holder_update_ready_is_complete CHECK (status NOT IN ('ready', 'applied', 'refused')
    OR (num_nulls(row_count, changed_count, unknown_count, changes, content_hash) = 0 AND error_count = 0)),
  CONSTRAINT holder_update_applied_is_complete CHECK ((status = 'applied') = (applied_at IS NOT NULL) AND (status = 'applied') = (applied_count IS NOT NULL))
);

-- Only holders who change, as they will be.
CREATE TABLE holder_update_row (
  holder_update_id  uuid NOT NULL REFERENCES holder_update (id),
  line_no           bigint NOT NULL,
  holder_id         bigint NOT NULL REFERENCES holder (id),
  kind              holder_kind NOT NULL,
  name              text,
  name_kana         text,
  email             text,
  phone             text,
  birth_date        date,
  country           char(2) NOT NULL,
  language          holder_language NOT NULL,
  account_status    account_status NOT NULL,
  identity_status   identity_status NOT NULL,
  name_key          text,
  given_name_key    text,
  reading_key       text,
  given_reading_key text,
  email_key         text,
  phone_key         text,
  -- Of the holder as it was when the file was checked: whoever has changed since is left as they are.
  seen_digest       text NOT NULL CHECK (seen_digest ~ '^[0-9a-f]{64}$'),
  PRIMARY KEY (holder_update_id, holder_id)
);

-- What is wrong with rows, who is not known, and whom applying left out; values of personal columns are masked.
CREATE TABLE holder_update_finding (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_update_id uuid NOT NULL REFERENCES holder_update (id),
  line_no          bigint,
  column_name      text,
  value            text,
  code             text NOT NULL
);
CREATE INDEX holder_update_finding_by_update ON holder_update_finding (holder_update_id, id);

CREATE FUNCTION holder_digest(h holder) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN encode(sha256(convert_to(jsonb_build_array(h.kind, h.name, h.name_kana, h.email, h.phone, h.birth_date, h.country, h.language,
  h.account_status, h.identity_status)::text, 'UTF8')), 'hex');

-- Over all that is agreed to: the rows as they will be, and the holders as they were.
CREATE FUNCTION holder_update_content_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(u.id || u.file_sha256 || coalesce(
    (SELECT string_agg(to_jsonb(r)::text, E'\n' ORDER BY r.holder_id) FROM holder_update_row r WHERE r.holder_update_id = u.id), ''), 'UTF8')), 'hex')
  FROM holder_update u WHERE u.id = asked
$$;

CREATE FUNCTION guard_holder_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('checking', 'invalid'), ('checking', 'ready'), ('ready', 'applied'), ('ready', 'refused')) THEN
    PERFORM refuse('holder_update_state', format('a holder update does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF OLD.status <> 'checking' AND to_jsonb(NEW) - ARRAY['status', 'applied_at', 'applied_count'] <> to_jsonb(OLD) - ARRAY['status', 'applied_at', 'applied_count'] THEN
    PERFORM refuse('holder_update_content_fixed', 'what was checked does not change');
  END IF;
  IF OLD.status IN ('applied', 'refused', 'invalid') THEN
    PERFORM refuse('holder_update_state', 'this holder update is closed');
  END IF;
  IF NEW.status = 'applied' AND NOT is_approved('holder_update', OLD.id::text, holder_update_content_hash(OLD.id)) THEN
    PERFORM refuse('holder_update_needs_approval', 'no second person has agreed to these rows');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER holder_update_guard BEFORE UPDATE ON holder_update
  FOR EACH ROW EXECUTE FUNCTION guard_holder_update();

CREATE FUNCTION guard_holder_update_content() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- Findings are added once more when it is applied: whom it left out.
  IF EXISTS (SELECT FROM holder_update u WHERE u.id IN (SELECT DISTINCT holder_update_id FROM added)
             AND u.status <> 'checking' AND (u.status <> 'ready' OR TG_TABLE_NAME = 'holder_update_row')) THEN
    PERFORM refuse('holder_update_content_fixed', 'what was checked does not change');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER holder_update_row_guard AFTER INSERT ON holder_update_row
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_holder_update_content();
CREATE TRIGGER holder_update_finding_guard AFTER INSERT ON holder_update_finding
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_holder_update_content();

CREATE TRIGGER holder_update_never_removed BEFORE DELETE OR TRUNCATE ON holder_update
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER holder_update_row_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON holder_update_row
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER holder_update_finding_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON holder_update_finding
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON holder_update, holder_update_row, holder_update_finding TO henkin_app;
GRANT INSERT (file_sha256, uploaded_by) ON holder_update TO henkin_app;
GRANT UPDATE (status, row_count, changed_count, unknown_count, error_count, changes, content_hash, applied_at, applied_count) ON holder_update TO henkin_app;
GRANT INSERT ON holder_update_row TO henkin_app;
GRANT INSERT (holder_update_id, line_no, column_name, value, code) ON holder_update_finding TO henkin_app;
