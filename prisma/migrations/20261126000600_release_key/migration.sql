-- Release by several keys: what needs it happens only with k signatures by registered Ed25519 keys over one statement.
--
-- What these tables guarantee, whatever the application does:
--   * a key counts only once two people agreed to it and the waiting time of the rule has passed; a revoked one never again
--   * a public key is registered once, and a key signs a statement once
--   * a statement is never rewritten; its kind, subject, expiry and hash are read by the database from the text that is signed
--   * a signature is recorded only while its statement is unexpired and its key counts
--   * the rule (k and the waiting time) is made stricter by two people, and weaker only with k signatures of the rule before
--   * the first rule may be set by whoever owns the schema, and only while no key exists
--
-- The database cannot verify Ed25519: that a recorded signature is one is the server's word. Anyone can check it again from
-- the statement, the public key and the signature kept here.

-- proposed  waits for two people            → active, rejected (refused, or nobody decided in time)
-- active    counts from counts_from on      → revoked
-- rejected, revoked: never left; a rejected public key may be proposed again, a revoked one never
CREATE TYPE release_key_status AS ENUM ('proposed', 'active', 'rejected', 'revoked');

-- proposed  waits for two people            → effective, rejected
-- effective the newest one holds            never left
CREATE TYPE release_rule_status AS ENUM ('proposed', 'effective', 'rejected');

CREATE TABLE release_rule (
  id               uuid PRIMARY KEY DEFAULT uuidv7(),
  -- k: never one, because no single key may pay.
  least_signatures integer NOT NULL CONSTRAINT release_rule_several CHECK (least_signatures BETWEEN 2 AND 20),
  -- How long a key waits after two people agreed to it, so that others have time to notice it.
  waiting_hours    integer NOT NULL CONSTRAINT release_rule_waiting_range CHECK (waiting_hours BETWEEN 0 AND 720),
  status           release_rule_status NOT NULL DEFAULT 'proposed',
  -- Null for what was set before any key existed.
  proposed_by      uuid REFERENCES staff (id),
  created_at       timestamptz NOT NULL DEFAULT now(),
  effective_at     timestamptz,
  CONSTRAINT release_rule_effective_since CHECK ((status = 'effective') = (effective_at IS NOT NULL))
);

CREATE TABLE release_key (
  id            uuid PRIMARY KEY DEFAULT uuidv7(),
  public_key    bytea NOT NULL CONSTRAINT release_key_length CHECK (length(public_key) = 32),
  fingerprint   text NOT NULL GENERATED ALWAYS AS (encode(sha256(public_key), 'hex')) STORED,
  -- Which key it is, such as where it is kept; no more about people than that.
  label         text NOT NULL CHECK (label ~ '^[^[:cntrl:]]{1,80}$' AND btrim(label) = label),
  status        release_key_status NOT NULL DEFAULT 'proposed',
  proposed_by   uuid NOT NULL REFERENCES staff (id),
  created_at    timestamptz NOT NULL DEFAULT now(),
  registered_at timestamptz,
  counts_from   timestamptz,
  revoked_at    timestamptz,
  CONSTRAINT release_key_registered_since CHECK
    ((status IN ('active', 'revoked')) = (registered_at IS NOT NULL) AND (registered_at IS NULL) = (counts_from IS NULL)),
  CONSTRAINT release_key_revoked_since CHECK ((status = 'revoked') = (revoked_at IS NOT NULL))
);
CREATE UNIQUE INDEX release_key_once ON release_key (fingerprint) WHERE status <> 'rejected';

CREATE TABLE release_statement (
  id         uuid PRIMARY KEY DEFAULT uuidv7(),
  -- Exactly what is signed, byte for byte.
  statement  text NOT NULL CONSTRAINT release_statement_format CHECK
    (length(statement) <= 4000 AND coalesce(statement::jsonb ->> 'format' = 'henkin-release-1', false)),
  sha256     text NOT NULL CONSTRAINT release_statement_once UNIQUE,
  kind       text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
  subject_id text NOT NULL CHECK (subject_id ~ '^[A-Za-z0-9-]{1,64}$'),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT release_statement_expires CHECK (expires_at > created_at)
);
CREATE INDEX release_statement_by_subject ON release_statement (kind, subject_id, id);

CREATE TABLE release_signature (
  statement_id uuid NOT NULL REFERENCES release_statement (id),
  key_id       uuid NOT NULL REFERENCES release_key (id),
  signature    bytea NOT NULL CONSTRAINT release_signature_length CHECK (length(signature) = 64),
  recorded_by  uuid NOT NULL REFERENCES staff (id),
  recorded_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT release_signature_once_per_key PRIMARY KEY (statement_id, key_id)
);

CREATE FUNCTION current_release_rule() RETURNS release_rule
LANGUAGE sql STABLE
RETURN (SELECT r FROM release_rule r WHERE status = 'effective' ORDER BY effective_at DESC, id DESC LIMIT 1);

-- Signatures that count now: of keys that are still active and had waited when they signed.
CREATE FUNCTION release_signature_count(asked uuid) RETURNS bigint
LANGUAGE sql STABLE
RETURN (
  SELECT count(*) FROM release_signature s JOIN release_key k ON k.id = s.key_id
  WHERE s.statement_id = asked AND k.status = 'active' AND k.counts_from <= s.recorded_at);

-- For the guards of other tables: have k keys signed a statement about this thing that says all of this?
CREATE FUNCTION is_released(asked_kind text, subject_key text, content jsonb) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
  SELECT FROM release_statement s
  WHERE s.kind = asked_kind AND s.subject_id = subject_key AND s.expires_at > now() AND s.statement::jsonb @> content
    AND release_signature_count(s.id) >= (current_release_rule()).least_signatures);

-- What two people agree to. Null if there is no such thing.
CREATE FUNCTION release_key_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT encode(sha256(convert_to(concat_ws(E'\n', 'release_key', id, fingerprint, label), 'UTF8')), 'hex') FROM release_key WHERE id = asked);

CREATE FUNCTION release_key_revocation_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT encode(sha256(convert_to(concat_ws(E'\n', 'release_key_revocation', id, fingerprint), 'UTF8')), 'hex') FROM release_key WHERE id = asked);

CREATE FUNCTION release_rule_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE
RETURN (SELECT encode(sha256(convert_to(concat_ws(E'\n', 'release_rule', id, least_signatures, waiting_hours), 'UTF8')), 'hex') FROM release_rule WHERE id = asked);

CREATE FUNCTION guard_release_key_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.status := 'proposed';
  NEW.created_at := now();
  NEW.registered_at := NULL;
  NEW.counts_from := NULL;
  NEW.revoked_at := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER release_key_guard_insert BEFORE INSERT ON release_key
  FOR EACH ROW EXECUTE FUNCTION guard_release_key_insert();

CREATE FUNCTION guard_release_key_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  -- Of a BEFORE trigger's new row, generated columns are not computed yet.
  changing CONSTANT text[] := ARRAY['status', 'registered_at', 'counts_from', 'revoked_at', 'fingerprint'];
BEGIN
  IF to_jsonb(NEW) - changing <> to_jsonb(OLD) - changing THEN
    PERFORM refuse('release_key_never_rewritten', 'a key is not changed: revoke it and register another');
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('proposed', 'active'), ('proposed', 'rejected'), ('active', 'revoked')) THEN
    PERFORM refuse('release_key_state', format('a key does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  NEW.registered_at := OLD.registered_at;
  NEW.counts_from := OLD.counts_from;
  NEW.revoked_at := NULL;
  IF NEW.status = 'active' THEN
    IF NOT is_approved('release_key', OLD.id::text, release_key_hash(OLD.id)) THEN
      PERFORM refuse('release_key_needs_two', 'no second person has agreed to this key');
    END IF;
    NEW.registered_at := now();
    NEW.counts_from := now() + make_interval(hours => (current_release_rule()).waiting_hours);
  ELSIF NEW.status = 'revoked' THEN
    IF NOT is_approved('release_key_revocation', OLD.id::text, release_key_revocation_hash(OLD.id)) THEN
      PERFORM refuse('release_key_revocation_needs_two', 'no second person has agreed to revoke this key');
    END IF;
    NEW.revoked_at := now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_key_guard_update BEFORE UPDATE ON release_key
  FOR EACH ROW EXECUTE FUNCTION guard_release_key_update();

CREATE FUNCTION guard_release_rule_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- The application has no privilege to choose the status: this is for whoever owns the schema.
  IF NEW.status = 'effective' AND EXISTS (SELECT FROM release_key) THEN
    PERFORM refuse('release_rule_set_before_keys', 'once there are keys, the rule is changed by two people');
  END IF;
  NEW.effective_at := CASE NEW.status WHEN 'effective' THEN clock_timestamp() END;
  NEW.created_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER release_rule_guard_insert BEFORE INSERT ON release_rule
  FOR EACH ROW EXECUTE FUNCTION guard_release_rule_insert();

CREATE FUNCTION guard_release_rule_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  present release_rule;
BEGIN
  IF to_jsonb(NEW) - ARRAY['status', 'effective_at'] <> to_jsonb(OLD) - ARRAY['status', 'effective_at'] THEN
    PERFORM refuse('release_rule_never_rewritten', 'a rule is not changed: propose another');
  END IF;
  IF OLD.status <> 'proposed' OR NEW.status NOT IN ('effective', 'rejected') THEN
    PERFORM refuse('release_rule_state', format('a rule does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  NEW.effective_at := NULL;
  IF NEW.status = 'effective' THEN
    -- One after the other, so that each is compared with the rule that it replaces.
    PERFORM pg_advisory_xact_lock(hashtextextended('release_rule', 0));
    present := current_release_rule();
    IF NOT is_approved('release_rule', OLD.id::text, release_rule_hash(OLD.id)) THEN
      PERFORM refuse('release_rule_needs_two', 'no second person has agreed to this rule');
    END IF;
    IF (NEW.least_signatures < present.least_signatures OR NEW.waiting_hours < present.waiting_hours)
       AND NOT is_released('release_rule', OLD.id::text, jsonb_build_object(
         'leastSignatures', NEW.least_signatures::text, 'waitingHours', NEW.waiting_hours::text,
         'presentLeastSignatures', present.least_signatures::text, 'presentWaitingHours', present.waiting_hours::text)) THEN
      PERFORM refuse('release_rule_weaker_needs_signatures', 'a weaker rule needs the signatures of the present one');
    END IF;
    NEW.effective_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_rule_guard_update BEFORE UPDATE ON release_rule
  FOR EACH ROW EXECUTE FUNCTION guard_release_rule_update();

-- Everything but the text follows from the text.
CREATE FUNCTION guard_release_statement_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.sha256 := encode(sha256(convert_to(NEW.statement, 'UTF8')), 'hex');
  NEW.kind := NEW.statement::jsonb ->> 'kind';
  NEW.subject_id := NEW.statement::jsonb ->> 'subjectId';
  NEW.expires_at := (NEW.statement::jsonb ->> 'expiresAt')::timestamptz;
  NEW.created_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER release_statement_guard_insert BEFORE INSERT ON release_statement
  FOR EACH ROW EXECUTE FUNCTION guard_release_statement_insert();

CREATE FUNCTION guard_release_signature_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  signer release_key;
BEGIN
  -- A revocation at the same instant comes before or after, not between.
  SELECT * INTO signer FROM release_key WHERE id = NEW.key_id FOR SHARE;
  NEW.recorded_at := now();
  IF signer.status <> 'active' OR signer.counts_from > NEW.recorded_at THEN
    PERFORM refuse('release_signature_by_counting_key', 'the key is not active, or still waits');
  END IF;
  IF EXISTS (SELECT FROM release_statement WHERE id = NEW.statement_id AND expires_at <= NEW.recorded_at) THEN
    PERFORM refuse('release_signature_in_time', 'the statement has expired');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER release_signature_guard_insert BEFORE INSERT ON release_signature
  FOR EACH ROW EXECUTE FUNCTION guard_release_signature_insert();

CREATE TRIGGER release_key_never_removed BEFORE DELETE OR TRUNCATE ON release_key
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER release_rule_never_removed BEFORE DELETE OR TRUNCATE ON release_rule
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER release_statement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON release_statement
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER release_signature_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON release_signature
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON release_key, release_rule, release_statement, release_signature TO henkin_app;
GRANT INSERT (public_key, label, proposed_by) ON release_key TO henkin_app;
GRANT UPDATE (status) ON release_key TO henkin_app;
GRANT INSERT (least_signatures, waiting_hours, proposed_by) ON release_rule TO henkin_app;
GRANT UPDATE (status) ON release_rule TO henkin_app;
GRANT INSERT (statement) ON release_statement TO henkin_app;
GRANT INSERT (statement_id, key_id, signature, recorded_by) ON release_signature TO henkin_app;

-- What holds from the beginning.
INSERT INTO release_rule (least_signatures, waiting_hours, status) VALUES (2, 24, 'effective');

-- The release of credit batches: one whose amount needed two checkers begins only when k keys have signed what its rows say.

-- SHA-256 in two levels: over each item, over the hashes of each thousand places, over these. One byte before each kind of
-- input keeps them apart. Two levels, because this is one pass in the order of the primary key; a binary tree takes three
-- times as long and nobody here asks for a path through it.
CREATE FUNCTION credit_batch_items_root(asked bigint) RETURNS text
LANGUAGE sql STABLE
RETURN (
  SELECT encode(sha256('\x02'::bytea || string_agg(part.hash, ''::bytea ORDER BY part.place)), 'hex')
  FROM (SELECT (seq - 1) / 1000 AS place,
               sha256('\x01'::bytea || string_agg(
                 sha256('\x00'::bytea || convert_to(concat_ws(':', seq, claim_id, wallet_account_id, amount_jpy), 'UTF8')), ''::bytea ORDER BY seq)) AS hash
        FROM credit_batch_item WHERE batch_id = asked GROUP BY 1) AS part);

-- What a statement about a batch must say for the batch to begin, counted and hashed from the rows.
CREATE FUNCTION credit_batch_release_content(batch credit_batch) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (
  SELECT jsonb_build_object('kind', 'credit_batch', 'subjectId', batch.id::text, 'count', count(*)::text, 'totalJpy', coalesce(sum(i.amount_jpy), 0)::text,
    'itemsRoot', credit_batch_items_root(batch.id), 'contentHash', batch.content_hash, 'label', batch.label,
    'postingDate', to_char(batch.posting_date, 'YYYY-MM-DD'),
    'notBefore', to_char(timezone('UTC', batch.not_before), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  FROM credit_batch_item i WHERE i.batch_id = batch.id);

-- Whatever made two checkers necessary, the amount or what its maker asked for that day, makes the keys necessary too.
CREATE FUNCTION credit_batch_needs_release(batch credit_batch) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
  SELECT FROM approval_request r
  WHERE r.subject_type = 'credit_batch' AND r.subject_id = batch.id::text AND r.content_hash = batch.content_hash
    AND r.status = 'approved' AND r.required_checkers >= 2);

-- For showing and for not trying: cheap, because the content hash already stands for the rows. The guard below looks at them.
CREATE FUNCTION credit_batch_waits_for_signatures(batch credit_batch) RETURNS boolean
LANGUAGE sql STABLE
RETURN batch.status = 'approved' AND credit_batch_needs_release(batch)
  AND NOT is_released('credit_batch', batch.id::text, jsonb_build_object('contentHash', batch.content_hash));

CREATE FUNCTION assert_credit_batch_released(batch credit_batch) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  content jsonb;
BEGIN
  IF NOT credit_batch_needs_release(batch) THEN
    RETURN;
  END IF;
  content := credit_batch_release_content(batch);
  IF NOT is_released('credit_batch', batch.id::text, content) THEN
    PERFORM refuse('credit_batch_needs_signatures', format('batch %s: not enough keys have signed what its rows say', batch.id));
  END IF;
END $$;
