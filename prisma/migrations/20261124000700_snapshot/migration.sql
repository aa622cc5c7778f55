-- The frozen balances: what each customer held at the instant the programme counts from.
--
-- What these tables guarantee, whatever the application does:
--   * rows are written and removed only while a snapshot is being imported, and never rewritten
--   * a sealed snapshot never changes, and was approved by two people with exactly these rows
--   * there is one sealed base, supplements come after it, and no payable customer is in two sealed snapshots
--   * a payable quantity is above zero and a number

CREATE TYPE snapshot_kind AS ENUM ('base', 'supplement');
-- importing → ready (every row is right and the totals are as declared) | invalid (what is wrong is listed, upload again)
-- ready     → sealed, by two people, for ever
CREATE TYPE snapshot_status AS ENUM ('importing', 'invalid', 'ready', 'sealed');
CREATE TYPE exclusion_reason AS ENUM ('company_owned', 'test', 'zero', 'negative', 'other');

CREATE TABLE snapshot (
  id                          uuid PRIMARY KEY DEFAULT uuidv7(),
  kind                        snapshot_kind NOT NULL,
  status                      snapshot_status NOT NULL DEFAULT 'importing',
  as_of                       timestamptz NOT NULL,
  charset                     text NOT NULL CHECK (charset IN ('utf-8', 'windows-31j')),
  file_sha256                 text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
  file_bytes                  bigint NOT NULL CHECK (file_bytes > 0),
  exclusions_sha256           text CHECK (exclusions_sha256 ~ '^[0-9a-f]{64}$'),
  declared_count              bigint NOT NULL CHECK (declared_count >= 0),
  declared_total_xem          numeric(26, 6) NOT NULL CHECK (declared_total_xem < 'NaN'),
  declared_payable_count      bigint,
  declared_payable_total_xem  numeric(26, 6) CHECK (declared_payable_total_xem < 'NaN'),
  declared_excluded_count     bigint,
  declared_excluded_total_xem numeric(26, 6) CHECK (declared_excluded_total_xem < 'NaN'),
  row_count                   bigint,
  payable_count               bigint,
  payable_total_xem           numeric(26, 6) CHECK (payable_total_xem < 'NaN'),
  excluded_count              bigint,
  excluded_total_xem          numeric(26, 6) CHECK (excluded_total_xem < 'NaN'),
  error_count                 bigint,
  -- SHA-256 over customer number, quantity and exclusion of all rows in the order of the file.
  rows_digest                 text CHECK (rows_digest ~ '^[0-9a-f]{64}$'),
  content_hash                text CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  uploaded_by                 uuid NOT NULL REFERENCES staff (id),
  created_at                  timestamptz NOT NULL DEFAULT now(),
  imported_at                 timestamptz,
  sealed_at                   timestamptz,
  raw_destroyed_at            timestamptz,
  CONSTRAINT snapshot_ready_is_complete CHECK (status NOT IN ('ready', 'sealed')
    OR (payable_count IS NOT NULL AND payable_total_xem IS NOT NULL AND rows_digest IS NOT NULL AND content_hash IS NOT NULL AND error_count = 0))
);
CREATE UNIQUE INDEX snapshot_one_sealed_base ON snapshot (kind) WHERE status = 'sealed' AND kind = 'base';
-- The same upload is recognised; one that was invalid may come again.
CREATE UNIQUE INDEX snapshot_same_upload_once ON snapshot (file_sha256, (coalesce(exclusions_sha256, ''))) WHERE status <> 'invalid';

-- The raw upload, compressed and in pieces, so that any worker can import it; destroyed after the retention time.
CREATE TABLE snapshot_file (
  snapshot_id uuid NOT NULL REFERENCES snapshot (id),
  part        text NOT NULL CHECK (part IN ('rows', 'exclusions')),
  seq         integer NOT NULL,
  content     bytea NOT NULL,
  PRIMARY KEY (snapshot_id, part, seq)
);
ALTER TABLE snapshot_file ALTER COLUMN content SET STORAGE EXTERNAL;

-- What is wrong with an upload, row by row; values of personal columns are masked.
CREATE TABLE snapshot_row_error (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  snapshot_id uuid NOT NULL REFERENCES snapshot (id),
  line_no     bigint,
  column_name text,
  value       text,
  code        text NOT NULL
);
CREATE INDEX snapshot_row_error_by_snapshot ON snapshot_row_error (snapshot_id, id);

CREATE TABLE frozen_balance (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  snapshot_id     uuid NOT NULL REFERENCES snapshot (id),
  holder_id       bigint NOT NULL REFERENCES holder (id),
  line_no         bigint NOT NULL,
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
  CONSTRAINT frozen_balance_customer_once UNIQUE (snapshot_id, holder_id)
);
CREATE INDEX frozen_balance_by_holder ON frozen_balance (holder_id);

CREATE FUNCTION guard_snapshot_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'sealed' AND (to_jsonb(NEW) - 'raw_destroyed_at') <> (to_jsonb(OLD) - 'raw_destroyed_at') THEN
    PERFORM refuse('snapshot_sealed_for_ever', 'a sealed snapshot never changes');
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('importing', 'invalid'), ('importing', 'ready'), ('ready', 'sealed')) THEN
    PERFORM refuse('snapshot_state', format('a snapshot does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF OLD.status <> 'importing' AND NEW.content_hash IS DISTINCT FROM OLD.content_hash THEN
    PERFORM refuse('snapshot_content_fixed', 'what was imported does not change');
  END IF;
  IF NEW.status = 'sealed' AND OLD.status = 'ready' THEN
    -- One seal at a time, so that two of them see each other's customers.
    PERFORM pg_advisory_xact_lock(hashtextextended('snapshot_seal', 0));
    IF NOT is_approved('snapshot_seal', OLD.id::text, OLD.content_hash) THEN
      PERFORM refuse('snapshot_seal_needs_approval', 'no checker has approved this seal');
    END IF;
    IF OLD.kind = 'supplement' AND NOT EXISTS (SELECT FROM snapshot WHERE kind = 'base' AND status = 'sealed') THEN
      PERFORM refuse('snapshot_supplement_after_base', 'a supplement is sealed after the base');
    END IF;
    IF EXISTS (SELECT FROM frozen_balance mine
               JOIN frozen_balance other ON other.holder_id = mine.holder_id AND other.snapshot_id <> mine.snapshot_id
               JOIN snapshot s ON s.id = other.snapshot_id AND s.status = 'sealed'
               WHERE mine.snapshot_id = OLD.id) THEN
      PERFORM refuse('snapshot_customer_sealed_once', 'a customer of this snapshot is in a sealed one already');
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER snapshot_guard_update BEFORE UPDATE ON snapshot
  FOR EACH ROW EXECUTE FUNCTION guard_snapshot_update();
CREATE TRIGGER snapshot_never_removed BEFORE DELETE OR TRUNCATE ON snapshot
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

CREATE FUNCTION guard_frozen_balance_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM snapshot s WHERE s.status <> 'importing' AND s.id IN (SELECT DISTINCT snapshot_id FROM changed)) THEN
    PERFORM refuse('frozen_balance_only_while_importing', 'rows are written and removed only while their snapshot is imported');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER frozen_balance_guard_insert AFTER INSERT ON frozen_balance
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_frozen_balance_change();
CREATE TRIGGER frozen_balance_guard_delete AFTER DELETE ON frozen_balance
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_frozen_balance_change();
CREATE TRIGGER frozen_balance_never_rewritten BEFORE UPDATE OR TRUNCATE ON frozen_balance
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT, INSERT ON snapshot, snapshot_file, snapshot_row_error, frozen_balance TO henkin_app;
GRANT DELETE ON snapshot_file, snapshot_row_error, frozen_balance TO henkin_app;
GRANT UPDATE (status, row_count, payable_count, payable_total_xem, excluded_count, excluded_total_xem, error_count, rows_digest, content_hash,
  imported_at, sealed_at, raw_destroyed_at) ON snapshot TO henkin_app;
