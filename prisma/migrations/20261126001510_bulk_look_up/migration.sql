-- Bulk look-ups: many customer and claim numbers in, where each stands out, kept for a while and then destroyed.
--
-- What these tables guarantee, whatever the application does:
--   * a look-up is answered once; what was answered is not changed
--   * it holds at most 50,000 keys
--   * its keys and answers are destroyed only after the time that was set when it was asked for; who asked, when, for how many
--     and over which file is kept for ever

-- waiting    answered
-- answered   destroyed (its time is over)
-- destroyed  never left
CREATE TYPE bulk_look_up_status AS ENUM ('waiting', 'answered', 'destroyed');

CREATE TABLE bulk_look_up (
  id           uuid PRIMARY KEY DEFAULT uuidv7(),
  owner_id     uuid NOT NULL REFERENCES staff (id),
  status       bulk_look_up_status NOT NULL DEFAULT 'waiting',
  file_sha256  text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
  key_count    integer NOT NULL CONSTRAINT bulk_look_up_size CHECK (key_count BETWEEN 1 AND 50000),
  found_count  integer CHECK (found_count BETWEEN 0 AND key_count),
  created_at   timestamptz NOT NULL DEFAULT now(),
  answered_at  timestamptz,
  expires_at   timestamptz NOT NULL CHECK (expires_at > created_at),
  destroyed_at timestamptz,
  CONSTRAINT bulk_look_up_answer_is_complete CHECK ((status = 'waiting' OR status = 'destroyed') OR num_nulls(found_count, answered_at) = 0),
  CONSTRAINT bulk_look_up_destroyed_since CHECK ((status = 'destroyed') = (destroyed_at IS NOT NULL))
);
CREATE INDEX bulk_look_up_to_destroy ON bulk_look_up (expires_at) WHERE status <> 'destroyed';

-- One row per row of the file, in its order. The columns from found_customer_no on are the answer: the facts about the claim from
-- which its reasons follow, as they were at answered_at; null where nobody was found, and from status on where there is no claim.
CREATE TABLE bulk_look_up_key (
  bulk_look_up_id    uuid NOT NULL REFERENCES bulk_look_up (id),
  seq                integer NOT NULL CHECK (seq BETWEEN 1 AND 50000),
  -- As it was given, without control characters, at most 64 of its characters.
  key                text NOT NULL CHECK (length(key) <= 64),
  customer_no        text,
  claim_no           text,
  mistyped           boolean NOT NULL,
  found_customer_no  text,
  found_claim_no     text,
  status             claim_status,
  amount_jpy         bigint,
  contact_changed    boolean,
  held_otherwise     boolean,
  decision_waits     boolean,
  fund_short         boolean,
  batch_status       credit_batch_status,
  signatures_missing boolean,
  PRIMARY KEY (bulk_look_up_id, seq)
);

CREATE FUNCTION guard_bulk_look_up() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - ARRAY['status', 'found_count', 'answered_at', 'destroyed_at']
     <> to_jsonb(OLD) - ARRAY['status', 'found_count', 'answered_at', 'destroyed_at'] THEN
    PERFORM refuse('bulk_look_up_never_rewritten', 'what was asked for is not changed');
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('waiting', 'answered'), ('waiting', 'destroyed'), ('answered', 'destroyed')) THEN
    PERFORM refuse('bulk_look_up_state', format('a bulk look-up does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF NEW.status = 'destroyed' AND OLD.expires_at > now() THEN
    PERFORM refuse('bulk_look_up_not_over', 'its time is not over');
  END IF;
  NEW.answered_at := CASE WHEN NEW.status = 'answered' THEN now() ELSE OLD.answered_at END;
  NEW.found_count := CASE WHEN NEW.status = 'answered' THEN NEW.found_count ELSE OLD.found_count END;
  NEW.destroyed_at := CASE WHEN NEW.status = 'destroyed' THEN now() END;
  RETURN NEW;
END $$;
CREATE TRIGGER bulk_look_up_guard BEFORE UPDATE ON bulk_look_up
  FOR EACH ROW EXECUTE FUNCTION guard_bulk_look_up();
CREATE TRIGGER bulk_look_up_never_removed BEFORE DELETE OR TRUNCATE ON bulk_look_up
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- Per statement, because a statement is about up to 50,000 rows.
CREATE FUNCTION guard_bulk_look_up_answers() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM bulk_look_up b WHERE b.id IN (SELECT bulk_look_up_id FROM before) AND b.status <> 'waiting') THEN
    PERFORM refuse('bulk_look_up_answered_once', 'what was answered is not changed');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER bulk_look_up_key_answered_once AFTER UPDATE ON bulk_look_up_key REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION guard_bulk_look_up_answers();

CREATE FUNCTION guard_bulk_look_up_destruction() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM bulk_look_up b WHERE b.id IN (SELECT bulk_look_up_id FROM before) AND b.expires_at > now()) THEN
    PERFORM refuse('bulk_look_up_not_over', 'its time is not over');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER bulk_look_up_key_destroyed_in_time AFTER DELETE ON bulk_look_up_key REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION guard_bulk_look_up_destruction();
CREATE TRIGGER bulk_look_up_key_never_truncated BEFORE TRUNCATE ON bulk_look_up_key
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON bulk_look_up, bulk_look_up_key TO henkin_app;
GRANT INSERT (owner_id, file_sha256, key_count, expires_at) ON bulk_look_up TO henkin_app;
GRANT UPDATE (status, found_count) ON bulk_look_up TO henkin_app;
GRANT INSERT (bulk_look_up_id, seq, key, customer_no, claim_no, mistyped) ON bulk_look_up_key TO henkin_app;
GRANT UPDATE (found_customer_no, found_claim_no, status, amount_jpy, contact_changed, held_otherwise, decision_waits, fund_short, batch_status,
  signatures_missing) ON bulk_look_up_key TO henkin_app;
GRANT DELETE ON bulk_look_up_key TO henkin_app;
