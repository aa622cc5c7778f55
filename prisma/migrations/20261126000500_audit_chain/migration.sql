-- The audit chain: every event, and every digest of rows that must never change, carries the hash of what came before it.
--
-- What these tables guarantee, whatever the application does:
--   * each event becomes one link when its transaction commits, in the order of commits, numbered without gaps and without
--     forks; if the link cannot be written, the transaction fails and what it did has not happened
--   * whatever is written to transfers, claim decisions and approval decisions, and the balances of a snapshot when it is
--     sealed, leaves a digest over all their columns in the same chain
--   * the application can neither write, change nor remove a link or a digest: they are made by triggers that run as the
--     owner, and are written once
--   * a signed head is one of the chain; signing keys follow each other in one line, and there is one first key
--
-- Whoever is superuser can switch all of this off. That is what the hashes are for: the verifier recomputes them with
-- nothing taken from here but the columns, and heads that were signed and kept elsewhere show what was cut off at the end.

-- What statements wrote to tables whose rows never change: which rows, how many, and SHA-256 over all their columns.
CREATE TABLE audit_rows (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- The instant of the transaction, and so also that of the rows.
  written_at  timestamptz NOT NULL DEFAULT now(),
  table_name  text NOT NULL,
  -- Which rows: by their numbers, or by the one thing to which all of them belong.
  row_ids     int8multirange,
  subject_id  text,
  row_count   bigint NOT NULL CHECK (row_count > 0),
  rows_digest text NOT NULL CHECK (rows_digest ~ '^[0-9a-f]{64}$'),
  -- The columns themselves when it is a single row, so that a change of it can be told to the column.
  only_row    text,
  CONSTRAINT audit_rows_one_way_to_find_them CHECK (num_nonnulls(row_ids, subject_id) = 1)
);

CREATE TABLE audit_chain (
  seq           bigint PRIMARY KEY CHECK (seq >= 0),
  -- No references: written only by the trigger of the row they name, which is never removed; the verifier looks.
  event_id      bigint CONSTRAINT audit_chain_event_once UNIQUE,
  rows_id       bigint CONSTRAINT audit_chain_rows_once UNIQUE,
  previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
  hash          bytea NOT NULL CHECK (length(hash) = 32),
  CONSTRAINT audit_chain_link_is_of_one_thing CHECK (num_nonnulls(event_id, rows_id) = (seq > 0)::integer)
);
-- The first link stands for the installation itself: no two chains have the same.
INSERT INTO audit_chain (seq, previous_hash, hash)
VALUES (0, decode(repeat('00', 32), 'hex'), sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

CREATE FUNCTION epoch_microseconds(instant timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (extract(epoch FROM instant) * 1000000)::bigint::text;

-- All columns in one text that reads the same on every server: a JSON array of strings and nulls.
CREATE FUNCTION audit_event_text(event audit_event) RETURNS text
LANGUAGE sql STABLE
RETURN json_build_array(event.id::text, epoch_microseconds(event.occurred_at), event.actor_id, event.actor_role, event.action,
  event.subject_type, event.subject_id, event.request_id, event.before::text, event.after::text, event.row_count::text,
  event.sum_jpy::text, event.confidential::text, event.rows_digest)::text;

CREATE FUNCTION audit_rows_text(written audit_rows) RETURNS text
LANGUAGE sql STABLE
RETURN json_build_array(written.id::text, epoch_microseconds(written.written_at), written.table_name, written.row_ids::text,
  written.subject_id, written.row_count::text, written.rows_digest, written.only_row)::text;

-- Runs at COMMIT, so that links are in the order of commits and writers wait for each other only while one of them commits.
-- The lock is held until the commit is visible: whoever gets it next sees this link as the last. Nothing that waits for
-- other transactions may be deferred to the commit as well, or two of them could wait in a circle.
CREATE FUNCTION append_to_audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  content text;
  last audit_chain%ROWTYPE;
BEGIN
  IF TG_TABLE_NAME = 'audit_event' THEN
    content := audit_event_text(NEW);
  ELSE
    content := audit_rows_text(NEW);
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_chain', 0));
  SELECT * INTO STRICT last FROM audit_chain ORDER BY seq DESC LIMIT 1;
  INSERT INTO audit_chain (seq, event_id, rows_id, previous_hash, hash)
  VALUES (last.seq + 1, CASE TG_TABLE_NAME WHEN 'audit_event' THEN NEW.id END, CASE TG_TABLE_NAME WHEN 'audit_rows' THEN NEW.id END, last.hash,
    sha256(convert_to(concat_ws(E'\n', 'henkin audit chain 1', TG_TABLE_NAME, last.seq + 1, encode(last.hash, 'hex'), content), 'UTF8')));
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_event_chain AFTER INSERT ON audit_event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION append_to_audit_chain();
CREATE CONSTRAINT TRIGGER audit_rows_chain AFTER INSERT ON audit_rows
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION append_to_audit_chain();

-- The digest over lines of columns, for the triggers below alone.
CREATE FUNCTION rows_digest(table_name text, lines text) RETURNS text
LANGUAGE sql STABLE
RETURN encode(sha256(convert_to(concat_ws(E'\n', 'henkin audit rows 1', table_name, lines), 'UTF8')), 'hex');

CREATE FUNCTION note_transfers_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_rows (table_name, row_ids, row_count, rows_digest, only_row)
  SELECT 'ledger_transfer', range_agg(int8range(id, id, '[]')), count(*), rows_digest('ledger_transfer', string_agg(line, E'\n' ORDER BY id)),
         CASE count(*) WHEN 1 THEN min(line) END
  FROM (SELECT id, json_build_array(id::text, kind::text, debit_account_id::text, credit_account_id::text, amount_jpy::text, reference_id::text,
                     to_char(posting_date, 'YYYY-MM-DD'), label, epoch_microseconds(created_at))::text AS line
        FROM written) AS lines
  HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_transfer_note_written AFTER INSERT ON ledger_transfer
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_transfers_written();

-- A claim has one decision at most in a statement, so its number and the instant tell which.
CREATE FUNCTION note_claim_decisions_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_rows (table_name, row_ids, row_count, rows_digest, only_row)
  SELECT 'claim_decision', range_agg(int8range(claim_id, claim_id, '[]')), count(*),
         rows_digest('claim_decision', string_agg(line, E'\n' ORDER BY claim_id)), CASE count(*) WHEN 1 THEN min(line) END
  FROM (SELECT claim_id, json_build_array(claim_id::text, version::text, decision::text, reason_code, reason_text, decided_by::text,
                           approval_run_id::text, approval_request_id::text, epoch_microseconds(decided_at))::text AS line
        FROM written) AS lines
  HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER claim_decision_note_written AFTER INSERT ON claim_decision
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION note_claim_decisions_written();

CREATE FUNCTION note_approval_decision_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  line text := json_build_array(NEW.request_id::text, NEW.maker_id::text, NEW.checker_id::text, NEW.decision::text, NEW.reason,
                                epoch_microseconds(NEW.decided_at))::text;
BEGIN
  INSERT INTO audit_rows (table_name, subject_id, row_count, rows_digest, only_row)
  VALUES ('approval_decision', NEW.request_id || '/' || NEW.checker_id, 1, rows_digest('approval_decision', line), line);
  RETURN NULL;
END $$;
CREATE TRIGGER approval_decision_note_written AFTER INSERT ON approval_decision
  FOR EACH ROW EXECUTE FUNCTION note_approval_decision_written();

-- Rows come and go while a snapshot is imported; what counts is what was sealed.
CREATE FUNCTION note_balances_sealed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE $sql$
    INSERT INTO audit_rows (table_name, subject_id, row_count, rows_digest, only_row)
    SELECT 'frozen_balance', $1, count(*), rows_digest('frozen_balance', string_agg(line, E'\n' ORDER BY line_no, id)), CASE count(*) WHEN 1 THEN min(line) END
    FROM (SELECT b.line_no, b.id, json_build_array(b.id::text, b.snapshot_id::text, b.holder_id::text, h.customer_no, b.line_no::text,
                   b.available_xem::text, b.in_order_xem::text, b.lent_xem::text, b.in_transit_xem::text, b.quantity_xem::text,
                   b.excluded_reason::text, b.excluded_text)::text AS line
          FROM frozen_balance b JOIN holder h ON h.id = b.holder_id WHERE b.snapshot_id = $1::uuid) AS lines
    HAVING count(*) > 0 $sql$ USING NEW.id::text;
  RETURN NULL;
END $$;
CREATE TRIGGER snapshot_note_sealed AFTER UPDATE OF status ON snapshot
  FOR EACH ROW WHEN (NEW.status = 'sealed' AND OLD.status <> 'sealed') EXECUTE FUNCTION note_balances_sealed();

CREATE TRIGGER audit_rows_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_rows
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER audit_chain_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- What the last full verifications found; the newest is shown to auditors.
CREATE TABLE audit_verification (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  finished_at timestamptz NOT NULL DEFAULT now(),
  links       bigint NOT NULL,
  head_hash   text NOT NULL CHECK (head_hash ~ '^[0-9a-f]{64}$'),
  rows        bigint NOT NULL,
  -- The first thing that did not fit; null when everything did.
  finding     text
);
CREATE TRIGGER audit_verification_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_verification
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- The public keys that vouch for heads. The first introduces itself; each later one is introduced by the one before it.
CREATE TABLE audit_signing_key (
  id              text PRIMARY KEY,
  public_key      bytea NOT NULL CONSTRAINT audit_signing_key_ed25519 CHECK (length(public_key) = 32),
  previous_key_id text CONSTRAINT audit_signing_key_follows_once UNIQUE REFERENCES audit_signing_key (id),
  -- Over this key, by the one before it; null for the first, and where the one before was lost.
  signature       bytea CONSTRAINT audit_signing_key_signature_length CHECK (length(signature) = 64),
  introduced_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT audit_signing_key_id_is_of_key CHECK (id = left(encode(sha256(public_key), 'hex'), 16)),
  CONSTRAINT audit_signing_key_first_has_no_voucher CHECK (previous_key_id IS NOT NULL OR signature IS NULL)
);
CREATE UNIQUE INDEX audit_signing_key_one_first ON audit_signing_key ((previous_key_id IS NULL)) WHERE previous_key_id IS NULL;

-- Heads that were signed: once each. Copies of them that are kept outside are anchors.
CREATE TABLE audit_signed_head (
  seq       bigint PRIMARY KEY,
  hash      bytea NOT NULL,
  signed_at timestamptz(3) NOT NULL,
  key_id    text NOT NULL REFERENCES audit_signing_key (id),
  signature bytea NOT NULL CONSTRAINT audit_signed_head_signature_length CHECK (length(signature) = 64)
);
CREATE FUNCTION guard_signed_head() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM audit_chain WHERE seq = NEW.seq AND hash = NEW.hash) THEN
    PERFORM refuse('audit_signed_head_is_of_chain', 'only a link of the chain is signed');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_signed_head_guard_insert BEFORE INSERT ON audit_signed_head
  FOR EACH ROW EXECUTE FUNCTION guard_signed_head();
CREATE TRIGGER audit_signing_key_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_signing_key
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER audit_signed_head_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_signed_head
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
GRANT SELECT, INSERT ON audit_signing_key, audit_signed_head TO henkin_app;

GRANT SELECT ON audit_rows, audit_chain, audit_verification TO henkin_app;
GRANT INSERT (links, head_hash, rows, finding) ON audit_verification TO henkin_app;
