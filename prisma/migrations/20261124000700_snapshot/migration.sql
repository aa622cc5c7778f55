-- The frozen balances: what each customer held at the instant the programme counts from.
--
-- What these tables guarantee, whatever the application does:
--   * rows are written and removed only while their snapshot is imported, and never rewritten
--   * counts, totals, digest and content hash of a ready snapshot are computed from its rows by the database itself,
--     and agree with the control totals that were declared
--   * a sealed snapshot never changes, and two people have agreed to exactly these rows
--   * there is one sealed base, supplements come after it, and no customer is in two sealed snapshots
--   * a payable quantity is above zero and a number

CREATE TYPE snapshot_kind AS ENUM ('base', 'supplement');
-- importing → ready (every row is right and the totals are as declared) | invalid (what is wrong is listed; upload anew)
-- ready     → sealed, by two people, for ever
CREATE TYPE snapshot_status AS ENUM ('importing', 'invalid', 'ready', 'sealed');
CREATE TYPE exclusion_reason AS ENUM ('company_owned', 'test', 'zero', 'negative', 'other');

CREATE TABLE snapshot (
  id                          uuid PRIMARY KEY DEFAULT uuidv7(),
  kind                        snapshot_kind NOT NULL,
  status                      snapshot_status NOT NULL DEFAULT 'importing',
  as_of                       timestamptz NOT NULL,
  charset                     text NOT NULL CHECK (charset IN ('utf-8', 'windows-31j')),
  -- SHA-256 over the bytes as they were uploaded; they outlive the upload itself.
  file_sha256                 text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
  file_bytes                  bigint NOT NULL CHECK (file_bytes > 0),
  exclusions_sha256           text CHECK (exclusions_sha256 ~ '^[0-9a-f]{64}$'),
  declared_count              bigint NOT NULL CHECK (declared_count >= 0),
  declared_total_xem          numeric(26, 6) NOT NULL CHECK (declared_total_xem < 'NaN'),
  declared_payable_count      bigint CHECK (declared_payable_count >= 0),
  declared_payable_total_xem  numeric(26, 6) CHECK (declared_payable_total_xem < 'NaN'),
  declared_excluded_count     bigint CHECK (declared_excluded_count >= 0),
  declared_excluded_total_xem numeric(26, 6) CHECK (declared_excluded_total_xem < 'NaN'),
  row_count                   bigint CHECK (row_count >= 0),
  payable_count               bigint CHECK (payable_count >= 0),
  payable_total_xem           numeric(26, 6) CHECK (payable_total_xem < 'NaN'),
  excluded_count              bigint CHECK (excluded_count >= 0),
  excluded_total_xem          numeric(26, 6) CHECK (excluded_total_xem < 'NaN'),
  error_count                 bigint CHECK (error_count >= 0),
  -- How many errors of each code; the list itself is cut off after the first ten thousand.
  error_counts                jsonb,
  -- SHA-256 over customer number, quantity and exclusion of all rows in the order of the file.
  rows_digest                 text CHECK (rows_digest ~ '^[0-9a-f]{64}$'),
  -- SHA-256 over everything that is sealed.
  content_hash                text CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  uploaded_by                 uuid NOT NULL REFERENCES staff (id),
  created_at                  timestamptz NOT NULL DEFAULT now(),
  imported_at                 timestamptz,
  sealed_at                   timestamptz,
  raw_destroyed_at            timestamptz,
  CONSTRAINT snapshot_exclusions_are_declared CHECK (num_nulls(exclusions_sha256, declared_payable_count, declared_payable_total_xem,
    declared_excluded_count, declared_excluded_total_xem) IN (0, 5)),
  CONSTRAINT snapshot_ready_is_complete CHECK (status NOT IN ('ready', 'sealed') OR (error_count = 0
    AND num_nulls(row_count, payable_count, payable_total_xem, excluded_count, excluded_total_xem, rows_digest, content_hash) = 0)),
  CONSTRAINT snapshot_invalid_says_why CHECK (status <> 'invalid' OR coalesce(error_count, 0) > 0)
);
CREATE UNIQUE INDEX snapshot_one_sealed_base ON snapshot (kind) WHERE status = 'sealed' AND kind = 'base';
-- The same upload is recognised; one that was invalid may come again, and so may one that was given a wrong instant.
CREATE UNIQUE INDEX snapshot_same_upload_once ON snapshot (file_sha256, (coalesce(exclusions_sha256, '')), kind, as_of) WHERE status <> 'invalid';

-- The raw upload, compressed and in pieces, so that any worker can import it; destroyed after the retention time.
CREATE TABLE snapshot_file (
  snapshot_id uuid NOT NULL REFERENCES snapshot (id),
  part        text NOT NULL CHECK (part IN ('rows', 'exclusions')),
  seq         integer NOT NULL CHECK (seq >= 0),
  content     bytea NOT NULL CHECK (length(content) > 0),
  PRIMARY KEY (snapshot_id, part, seq)
);
-- It is compressed already.
ALTER TABLE snapshot_file ALTER COLUMN content SET STORAGE EXTERNAL;

-- What is wrong with an upload, row by row; values of personal columns are masked.
CREATE TABLE snapshot_row_error (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  snapshot_id uuid NOT NULL REFERENCES snapshot (id),
  part        text NOT NULL CHECK (part IN ('rows', 'exclusions')),
  -- Line in the file, from 1; null when it is about the file as a whole.
  line_no     integer CHECK (line_no > 0),
  column_name text,
  value       text,
  code        text NOT NULL CHECK (code ~ '^[a-z_]{1,40}$')
);
CREATE INDEX snapshot_row_error_by_snapshot ON snapshot_row_error (snapshot_id, id);

CREATE TABLE frozen_balance (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Both are proven by the guards below for all rows of a statement at once; the system would look each one up.
  -- Neither snapshots nor holders are ever removed.
  snapshot_id     uuid NOT NULL REFERENCES snapshot (id) NOT ENFORCED,
  holder_id       bigint NOT NULL REFERENCES holder (id) NOT ENFORCED,
  line_no         integer NOT NULL CHECK (line_no > 0),
  available_xem   numeric(20, 6) CHECK (available_xem < 'NaN'),
  in_order_xem    numeric(20, 6) CHECK (in_order_xem < 'NaN'),
  lent_xem        numeric(20, 6) CHECK (lent_xem < 'NaN'),
  in_transit_xem  numeric(20, 6) CHECK (in_transit_xem < 'NaN'),
  quantity_xem    numeric(20, 6) NOT NULL CHECK (quantity_xem < 'NaN'),
  excluded_reason exclusion_reason,
  excluded_text   text CHECK (length(excluded_text) <= 500),
  CONSTRAINT frozen_balance_payable_is_positive CHECK (excluded_reason IS NOT NULL OR quantity_xem > 0),
  CONSTRAINT frozen_balance_parts_sum CHECK (available_xem IS NULL OR available_xem + in_order_xem + lent_xem + in_transit_xem = quantity_xem),
  CONSTRAINT frozen_balance_parts_together CHECK (num_nulls(available_xem, in_order_xem, lent_xem, in_transit_xem) IN (0, 4)),
  CONSTRAINT frozen_balance_text_has_reason CHECK (excluded_text IS NULL OR excluded_reason IS NOT NULL),
  -- The holder comes first, so that one index also finds the balances of a holder.
  CONSTRAINT frozen_balance_customer_once UNIQUE (holder_id, snapshot_id)
);

-- Counts, sums and digest over the rows of a snapshot as they are now. EXECUTE plans anew: a plan kept from a snapshot of
-- ten rows would be slow over 260,000.
CREATE FUNCTION snapshot_figures(of_snapshot uuid)
RETURNS TABLE (row_count bigint, payable_count bigint, payable_total_xem numeric, excluded_count bigint, excluded_total_xem numeric, rows_digest text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY EXECUTE $q$
    SELECT count(*), count(*) FILTER (WHERE b.excluded_reason IS NULL), coalesce(sum(b.quantity_xem) FILTER (WHERE b.excluded_reason IS NULL), 0),
           count(b.excluded_reason), coalesce(sum(b.quantity_xem) FILTER (WHERE b.excluded_reason IS NOT NULL), 0),
           encode(sha256(convert_to(coalesce(string_agg(h.customer_no || ',' || b.quantity_xem || ',' || coalesce(b.excluded_reason::text, ''),
             E'\n' ORDER BY b.line_no), ''), 'UTF8')), 'hex')
    FROM frozen_balance b JOIN holder h ON h.id = b.holder_id
    WHERE b.snapshot_id = $1 $q$ USING of_snapshot;
END $$;

-- What two people agree to. The digest is given, so that it can be that of the rows as they are now.
CREATE FUNCTION snapshot_content_hash(content snapshot, digest text) RETURNS text
LANGUAGE sql STABLE
RETURN encode(sha256(convert_to(jsonb_build_array(
  (content).kind, extract(epoch FROM (content).as_of)::text, (content).file_sha256, (content).exclusions_sha256, digest, (content).row_count,
  (content).payable_count, (content).payable_total_xem::text, (content).excluded_count, (content).excluded_total_xem::text)::text, 'UTF8')), 'hex');

CREATE FUNCTION guard_snapshot_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'importing' THEN
    PERFORM refuse('snapshot_begins_importing', 'a snapshot begins with its import');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER snapshot_guard_insert BEFORE INSERT ON snapshot
  FOR EACH ROW EXECUTE FUNCTION guard_snapshot_insert();

-- The figures of a ready snapshot are not those that somebody says but those of its rows.
CREATE FUNCTION count_ready_snapshot() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  SELECT f.row_count, f.payable_count, f.payable_total_xem, f.excluded_count, f.excluded_total_xem, f.rows_digest
    INTO NEW.row_count, NEW.payable_count, NEW.payable_total_xem, NEW.excluded_count, NEW.excluded_total_xem, NEW.rows_digest
    FROM snapshot_figures(NEW.id) AS f;
  NEW.error_count := 0;
  NEW.error_counts := NULL;
  NEW.content_hash := snapshot_content_hash(NEW, NEW.rows_digest);
  IF NEW.row_count = 0
    OR (NEW.declared_count, NEW.declared_total_xem) <> (NEW.row_count, NEW.payable_total_xem + NEW.excluded_total_xem)
    OR (NEW.declared_payable_count, NEW.declared_payable_total_xem, NEW.declared_excluded_count, NEW.declared_excluded_total_xem)
      <> (NEW.payable_count, NEW.payable_total_xem, NEW.excluded_count, NEW.excluded_total_xem) THEN
    PERFORM refuse('snapshot_control_totals', 'the rows are not those that were declared');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION guard_snapshot_seal(content snapshot) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  -- One seal at a time, so that two of them see each other's customers.
  PERFORM pg_advisory_xact_lock(hashtextextended('snapshot_seal', 0));
  IF NOT is_approved('snapshot_seal', content.id::text,
      snapshot_content_hash(content, (SELECT f.rows_digest FROM snapshot_figures(content.id) AS f))) THEN
    PERFORM refuse('snapshot_seal_needs_approval', 'no checker has approved the seal of exactly these rows');
  END IF;
  IF content.kind = 'supplement' AND NOT EXISTS (SELECT FROM snapshot WHERE kind = 'base' AND status = 'sealed') THEN
    PERFORM refuse('snapshot_supplement_after_base', 'a supplement is sealed after the base');
  END IF;
  IF EXISTS (SELECT FROM snapshot s WHERE s.status = 'sealed' AND EXISTS (
      SELECT FROM frozen_balance mine JOIN frozen_balance other ON other.holder_id = mine.holder_id
      WHERE mine.snapshot_id = content.id AND other.snapshot_id = s.id)) THEN
    PERFORM refuse('snapshot_customer_sealed_once', 'a customer of this snapshot is in a sealed one already');
  END IF;
END $$;

CREATE FUNCTION guard_snapshot_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('importing', 'invalid'), ('importing', 'ready'), ('ready', 'sealed')) THEN
    PERFORM refuse('snapshot_state', format('a snapshot does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF OLD.status <> 'importing'
    AND to_jsonb(NEW) - ARRAY['status', 'sealed_at', 'raw_destroyed_at'] <> to_jsonb(OLD) - ARRAY['status', 'sealed_at', 'raw_destroyed_at'] THEN
    PERFORM refuse('snapshot_content_fixed', 'what was imported does not change');
  END IF;
  IF NEW.raw_destroyed_at IS DISTINCT FROM OLD.raw_destroyed_at AND EXISTS (SELECT FROM snapshot_file WHERE snapshot_id = OLD.id) THEN
    PERFORM refuse('snapshot_raw_destroyed', 'the upload is still there');
  END IF;
  -- The time of a seal is that of the database, and only a seal sets it.
  NEW.sealed_at := OLD.sealed_at;
  IF OLD.status = 'importing' AND NEW.status <> 'importing' THEN
    NEW.imported_at := now();
  END IF;
  IF OLD.status = 'importing' AND NEW.status = 'invalid' AND EXISTS (SELECT FROM frozen_balance WHERE snapshot_id = OLD.id) THEN
    PERFORM refuse('snapshot_invalid_keeps_nothing', 'of an invalid snapshot no balance is kept');
  END IF;
  IF OLD.status = 'ready' AND NEW.status = 'sealed' THEN
    PERFORM guard_snapshot_seal(NEW);
    NEW.sealed_at := now();
  END IF;
  RETURN NEW;
END $$;
-- Triggers of one kind run in the order of their names: first the figures, then the guard.
CREATE TRIGGER snapshot_count_ready BEFORE UPDATE ON snapshot
  FOR EACH ROW WHEN (OLD.status = 'importing' AND NEW.status = 'ready') EXECUTE FUNCTION count_ready_snapshot();
CREATE TRIGGER snapshot_guard_update BEFORE UPDATE ON snapshot
  FOR EACH ROW EXECUTE FUNCTION guard_snapshot_update();
CREATE TRIGGER snapshot_never_removed BEFORE DELETE OR TRUNCATE ON snapshot
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- Also proves that the snapshot is there: one that is not is not being imported.
CREATE FUNCTION guard_while_importing() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  astray bigint;
BEGIN
  EXECUTE $q$
    SELECT count(*) FROM (SELECT DISTINCT snapshot_id FROM changed) AS c
    WHERE NOT EXISTS (SELECT FROM snapshot s WHERE s.id = c.snapshot_id AND s.status = 'importing') $q$ INTO astray;
  IF astray > 0 THEN
    PERFORM refuse(TG_TABLE_NAME || '_only_while_importing', 'rows are written and removed only while their snapshot is imported');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER frozen_balance_guard_insert AFTER INSERT ON frozen_balance
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_while_importing();
CREATE TRIGGER frozen_balance_guard_delete AFTER DELETE ON frozen_balance
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_while_importing();
CREATE TRIGGER frozen_balance_never_rewritten BEFORE UPDATE OR TRUNCATE ON frozen_balance
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER snapshot_row_error_guard_insert AFTER INSERT ON snapshot_row_error
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_while_importing();
CREATE TRIGGER snapshot_row_error_guard_delete AFTER DELETE ON snapshot_row_error
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_while_importing();
CREATE TRIGGER snapshot_row_error_never_rewritten BEFORE UPDATE OR TRUNCATE ON snapshot_row_error
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER snapshot_file_guard_insert AFTER INSERT ON snapshot_file
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_while_importing();
CREATE TRIGGER snapshot_file_never_rewritten BEFORE UPDATE OR TRUNCATE ON snapshot_file
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

CREATE FUNCTION guard_frozen_balance_holders() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  astray bigint;
BEGIN
  EXECUTE 'SELECT count(*) FROM added b WHERE NOT EXISTS (SELECT FROM holder h WHERE h.id = b.holder_id)' INTO astray;
  IF astray > 0 THEN
    PERFORM refuse('frozen_balance_holder_exists', format('%s balances belong to nobody', astray));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER frozen_balance_guard_holders AFTER INSERT ON frozen_balance
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_frozen_balance_holders();

-- An import that was killed begins again from the upload, so the upload stays until it is over.
CREATE FUNCTION guard_snapshot_file_delete() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM removed r JOIN snapshot s ON s.id = r.snapshot_id WHERE s.status = 'importing') THEN
    PERFORM refuse('snapshot_file_needed_by_import', 'the upload is destroyed after its import');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER snapshot_file_guard_delete AFTER DELETE ON snapshot_file
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION guard_snapshot_file_delete();

GRANT SELECT ON snapshot, snapshot_file, snapshot_row_error, frozen_balance TO henkin_app;
GRANT INSERT (kind, status, as_of, charset, file_sha256, file_bytes, exclusions_sha256, declared_count, declared_total_xem, declared_payable_count,
  declared_payable_total_xem, declared_excluded_count, declared_excluded_total_xem, uploaded_by) ON snapshot TO henkin_app;
-- The figures are for invalid snapshots; those of ready ones are counted by the trigger.
GRANT UPDATE (status, row_count, payable_count, payable_total_xem, excluded_count, excluded_total_xem, error_count, error_counts, raw_destroyed_at)
  ON snapshot TO henkin_app;
GRANT INSERT, DELETE ON snapshot_file, snapshot_row_error, frozen_balance TO henkin_app;
