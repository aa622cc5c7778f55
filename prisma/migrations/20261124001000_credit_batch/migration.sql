-- Credit batches (一括反映): which claims are credited together, who agreed to it, how far it has come.
--
-- What these tables guarantee, whatever the application does:
--   * a claim is in one live batch at most; once credited it is never in another one
--   * items are written only while their batch is a draft, each with the amount and the wallet of its claim;
--     afterwards an item can only be skipped, once, for a reason that is true
--   * counts and totals of a batch are posted by the database from its items and transfers: the application cannot write them
--   * a batch moves only along its states, begins only as approved for exactly this content and amount, neither before
--     its time nor after its posting date, if its amount needed two checkers only with the signatures of several keys (their
--     tables are in a later migration), and ends only when item total = credited + skipped, checked against the rows
--   * a credit exists only for an item of an executing, approved batch: its claim, amount, wallet, posting date and label
--   * resuming after an alert and stopping for good take two people
--   * nothing is credited while the kill switch is pulled or the watch is absent
--
-- The guards over items and transfers are statement triggers, one join for any number of rows, planned anew each time
-- (EXECUTE), because a plan made for few rows would be kept for many. References of items are proven by the insert guard
-- for the whole statement, not by the system row by row, hence NOT ENFORCED; what they point to is never removed.

-- draft      being looked at; holds its claims    → submitted, cancelled
-- submitted  waits for the checkers               → approved, rejected, cancelled, draft (nobody decided in time, or void)
-- approved   waits for its time and a worker      → executing, cancelled, draft (posting date passed, or content changed)
-- executing  a worker credits chunk after chunk   → paused, completed
-- paused     between two chunks                   → executing, stopped
-- completed  every item is credited or skipped; rejected, cancelled, stopped: what was not credited is released. Never left.
CREATE TYPE credit_batch_status AS ENUM
  ('draft', 'submitted', 'approved', 'executing', 'paused', 'completed', 'rejected', 'cancelled', 'stopped');

-- ordinary   a person paused it; one person resumes
-- alert      something was not as it must be, or the kill switch was pulled; two people resume
-- unwatched  the watch gave no sign of life; it resumes by itself when the watch is back, or one person resumes it
CREATE TYPE pause_kind AS ENUM ('ordinary', 'alert', 'unwatched');

-- under_review        the claim was on hold when its turn came, for whatever reason
-- not_approved  the claim was no longer approved when its turn came
-- released            the batch ended without crediting it
CREATE TYPE skip_reason AS ENUM ('under_review', 'not_approved', 'released');

CREATE TABLE credit_batch (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  status            credit_batch_status NOT NULL DEFAULT 'draft',
  label             text NOT NULL CHECK (label ~ '^[^[:cntrl:]]{1,40}$' AND btrim(label) = label),
  posting_date      date NOT NULL,
  not_before        timestamptz NOT NULL,
  filter            jsonb NOT NULL CHECK (jsonb_typeof(filter) = 'object'),
  made_by           uuid NOT NULL REFERENCES staff (id),
  item_count        bigint NOT NULL DEFAULT 0 CHECK (item_count >= 0),
  total_jpy         bigint NOT NULL DEFAULT 0 CHECK (total_jpy >= 0),
  -- The total that the maker typed from the finance paper.
  control_total_jpy bigint,
  content_hash      text CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  -- Items before this one are credited or skipped.
  next_seq          bigint NOT NULL DEFAULT 1 CHECK (next_seq >= 1),
  credited_count    bigint NOT NULL DEFAULT 0 CHECK (credited_count >= 0),
  credited_jpy      bigint NOT NULL DEFAULT 0 CHECK (credited_jpy >= 0),
  skipped_count     bigint NOT NULL DEFAULT 0 CHECK (skipped_count >= 0),
  skipped_jpy       bigint NOT NULL DEFAULT 0 CHECK (skipped_jpy >= 0),
  pause_kind        pause_kind,
  pause_reason      text CHECK (length(pause_reason) BETWEEN 1 AND 500),
  paused_at         timestamptz,
  -- Since when it has been running without a pause, how many items were done then, and the last chunk: for the rate.
  running_since     timestamptz,
  done_before_run   bigint,
  progressed_at     timestamptz,
  created_at        timestamptz NOT NULL DEFAULT now(),
  submitted_at      timestamptz,
  approved_at       timestamptz,
  started_at        timestamptz,
  finished_at       timestamptz,
  CONSTRAINT credit_batch_begins_by_posting_date CHECK (timezone('Asia/Tokyo', not_before)::date <= posting_date),
  CONSTRAINT credit_batch_control_total_agrees CHECK (control_total_jpy = total_jpy),
  CONSTRAINT credit_batch_submitted_whole CHECK
    (status IN ('draft', 'cancelled') OR (content_hash IS NOT NULL AND control_total_jpy IS NOT NULL AND item_count > 0)),
  CONSTRAINT credit_batch_never_beyond_its_items CHECK
    (credited_count + skipped_count <= item_count AND credited_jpy + skipped_jpy <= total_jpy),
  CONSTRAINT credit_batch_ends_accounted_for CHECK (status NOT IN ('completed', 'rejected', 'cancelled', 'stopped')
    OR (credited_count + skipped_count = item_count AND credited_jpy + skipped_jpy = total_jpy)),
  CONSTRAINT credit_batch_pause_has_a_reason CHECK
    ((status = 'paused') = (pause_kind IS NOT NULL) AND (status = 'paused') = (pause_reason IS NOT NULL))
);

CREATE TABLE credit_batch_item (
  batch_id          bigint NOT NULL REFERENCES credit_batch (id) NOT ENFORCED,
  seq               bigint NOT NULL CHECK (seq >= 1),
  claim_id          bigint NOT NULL REFERENCES claim (id) NOT ENFORCED,
  wallet_account_id bigint NOT NULL,
  amount_jpy        bigint NOT NULL CHECK (amount_jpy > 0),
  skip_reason       skip_reason,
  PRIMARY KEY (batch_id, seq)
);
-- A claim is in one live batch at most, and a credited item stays live for ever. This decides between parallel drafts.
CREATE UNIQUE INDEX credit_batch_item_in_one_live_batch ON credit_batch_item (claim_id) WHERE skip_reason IS NULL;
CREATE INDEX credit_batch_item_skipped ON credit_batch_item (batch_id, skip_reason) WHERE skip_reason IS NOT NULL;

-- SHA-256 over everything that two people agree to: which claims in which order, how much into which wallet, when, and
-- under which label. Skipped items stay part of it: what only takes claims away does not change what was approved.
CREATE FUNCTION credit_batch_content_hash(batch credit_batch) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws(E'\n', batch.id, batch.label, to_char(batch.posting_date, 'YYYY-MM-DD'),
    to_char(timezone('UTC', batch.not_before), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    (SELECT string_agg(concat_ws(':', i.seq, i.claim_id, i.wallet_account_id, i.amount_jpy), E'\n' ORDER BY i.seq)
     FROM credit_batch_item i WHERE i.batch_id = batch.id)), 'UTF8')), 'hex')
$$;

-- What two people agree to when they resume after an alert or stop for good: this batch, this pause, this position.
CREATE FUNCTION credit_batch_pause_hash(batch credit_batch) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws(E'\n', batch.id, batch.content_hash, batch.pause_kind, batch.pause_reason,
    extract(epoch FROM batch.paused_at), batch.next_seq), 'UTF8')), 'hex')
$$;

-- The rows themselves, counted once when a batch ends: counters, items and transfers must say the same.
CREATE FUNCTION assert_credit_batch_adds_up(batch credit_batch) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  found record;
BEGIN
  SELECT count(*) AS items, coalesce(sum(i.amount_jpy), 0) AS total,
         count(i.skip_reason) AS skipped, coalesce(sum(i.amount_jpy) FILTER (WHERE i.skip_reason IS NOT NULL), 0) AS skipped_jpy,
         count(t.id) AS credited, coalesce(sum(t.amount_jpy), 0) AS credited_jpy
  INTO found
  FROM credit_batch_item i
  LEFT JOIN ledger_transfer t ON t.kind = 'credit' AND t.reference_id = i.claim_id AND i.skip_reason IS NULL
  WHERE i.batch_id = batch.id;
  IF (found.items, found.total, found.skipped, found.skipped_jpy, found.credited, found.credited_jpy)
     IS DISTINCT FROM
     (batch.item_count, batch.total_jpy::numeric, batch.skipped_count, batch.skipped_jpy::numeric, batch.credited_count, batch.credited_jpy::numeric) THEN
    PERFORM refuse('credit_batch_adds_up', format('batch %s: its items and transfers do not add up to its counters', batch.id));
  END IF;
END $$;

-- What of a batch may change at all, in whatever state it is. Comes before the next trigger, in the order of names.
CREATE FUNCTION guard_credit_batch_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('completed', 'rejected', 'cancelled', 'stopped') THEN
    PERFORM refuse('credit_batch_ended_for_ever', format('batch %s is %s', OLD.id, OLD.status));
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
      ('draft', 'submitted'), ('draft', 'cancelled'),
      ('submitted', 'approved'), ('submitted', 'rejected'), ('submitted', 'cancelled'), ('submitted', 'draft'),
      ('approved', 'executing'), ('approved', 'cancelled'), ('approved', 'draft'),
      ('executing', 'paused'), ('executing', 'completed'), ('paused', 'executing'), ('paused', 'stopped')) THEN
    PERFORM refuse('credit_batch_state', format('a batch does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF (NEW.id, NEW.label, NEW.filter, NEW.made_by, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.label, OLD.filter, OLD.made_by, OLD.created_at)
     OR (OLD.status <> 'draft' AND (NEW.posting_date, NEW.not_before) IS DISTINCT FROM (OLD.posting_date, OLD.not_before))
     OR (OLD.status <> 'draft' AND NEW.status <> 'draft'
         AND (NEW.content_hash, NEW.control_total_jpy) IS DISTINCT FROM (OLD.content_hash, OLD.control_total_jpy)) THEN
    PERFORM refuse('credit_batch_never_rewritten', 'what was submitted stays as it is, or goes back to being a draft');
  END IF;
  IF NEW.next_seq < OLD.next_seq OR (NEW.next_seq > OLD.next_seq AND OLD.status <> 'executing') THEN
    PERFORM refuse('credit_batch_position_moves_forward', 'the position moves forward, while the batch executes');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_batch_guard_change BEFORE UPDATE ON credit_batch
  FOR EACH ROW EXECUTE FUNCTION guard_credit_batch_change();

-- What must hold before a batch begins to move money, the first time or after a pause.
CREATE FUNCTION assert_credit_batch_may_run(before credit_batch, after credit_batch) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT is_approved('credit_batch', after.id::text, after.content_hash) THEN
    PERFORM refuse('credit_batch_needs_approval', 'this content was not approved');
  END IF;
  IF before.pause_kind = 'alert' AND NOT is_approved('batch_resume', after.id::text, credit_batch_pause_hash(before)) THEN
    PERFORM refuse('credit_batch_resume_needs_two', 'after an alert two people resume');
  END IF;
  IF before.status = 'approved' THEN
    IF now() < after.not_before OR after.posting_date < timezone('Asia/Tokyo', now())::date THEN
      PERFORM refuse('credit_batch_begins_in_time', 'it begins neither before its time nor after its posting date');
    END IF;
    IF after.content_hash <> credit_batch_content_hash(after) THEN
      PERFORM refuse('credit_batch_content_hash', 'the content is no longer the one that was approved');
    END IF;
    PERFORM assert_credit_batch_released(after);
  END IF;
END $$;

-- What must hold to enter each state; its times are the database's.
CREATE FUNCTION guard_credit_batch_entry() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'paused' THEN
    NEW.pause_kind := NULL;
    NEW.pause_reason := NULL;
    NEW.paused_at := NULL;
  END IF;
  CASE NEW.status
    WHEN 'draft' THEN
      -- An approval may not come back to life: it is given up only when the same content cannot be submitted again.
      IF OLD.status = 'approved' AND OLD.posting_date >= timezone('Asia/Tokyo', now())::date
         AND OLD.content_hash = credit_batch_content_hash(OLD) THEN
        PERFORM refuse('credit_batch_approval_stands', 'an approved batch is executed or cancelled until its posting date has passed');
      END IF;
      NEW.content_hash := NULL;
      NEW.control_total_jpy := NULL;
    WHEN 'submitted' THEN
      IF NEW.posting_date < timezone('Asia/Tokyo', now())::date THEN
        PERFORM refuse('credit_batch_posting_date_passed', 'the posting date has passed');
      END IF;
      IF NEW.content_hash IS DISTINCT FROM credit_batch_content_hash(NEW) THEN
        PERFORM refuse('credit_batch_content_hash', 'the hash is not the one of this content');
      END IF;
      NEW.submitted_at := now();
    WHEN 'approved' THEN
      -- The amount decided how many checkers were needed, and the names who may not be one: both must be this batch's.
      IF NOT EXISTS (
          SELECT FROM approval_request r
          WHERE r.subject_type = 'credit_batch' AND r.subject_id = NEW.id::text AND r.status = 'approved'
            AND r.content_hash = NEW.content_hash AND r.amount_jpy = NEW.total_jpy
            AND NOT EXISTS (SELECT jsonb_array_elements_text(NEW.filter -> 'customerNos') EXCEPT SELECT unnest(r.named_customer_nos))) THEN
        PERFORM refuse('credit_batch_needs_approval', 'this content and amount were not approved');
      END IF;
      NEW.approved_at := now();
    WHEN 'executing' THEN
      PERFORM assert_credit_batch_may_run(OLD, NEW);
      NEW.started_at := coalesce(NEW.started_at, now());
      NEW.running_since := clock_timestamp();
      NEW.done_before_run := NEW.credited_count + NEW.skipped_count;
      NEW.progressed_at := NEW.running_since;
    WHEN 'paused' THEN
      NEW.paused_at := clock_timestamp();
    WHEN 'stopped' THEN
      IF NOT is_approved('batch_stop', NEW.id::text, credit_batch_pause_hash(OLD)) THEN
        PERFORM refuse('credit_batch_stop_needs_two', 'two people stop a batch');
      END IF;
      PERFORM assert_credit_batch_adds_up(NEW);
      NEW.finished_at := clock_timestamp();
    WHEN 'completed' THEN
      PERFORM assert_credit_batch_adds_up(NEW);
      NEW.finished_at := clock_timestamp();
    WHEN 'rejected', 'cancelled' THEN
      NEW.finished_at := clock_timestamp();
  END CASE;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_batch_guard_entry BEFORE UPDATE ON credit_batch
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION guard_credit_batch_entry();
CREATE TRIGGER credit_batch_never_removed BEFORE DELETE OR TRUNCATE ON credit_batch
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- New items: each is one of a draft, for an existing claim, with that claim's amount and wallet. Posts count and total.
CREATE FUNCTION post_credit_batch_items() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  astray boolean;
  part record;
BEGIN
  EXECUTE $sql$
    SELECT EXISTS (SELECT FROM added i
                   LEFT JOIN claim c ON c.id = i.claim_id AND c.amount_jpy = i.amount_jpy AND c.wallet_account_id = i.wallet_account_id
                   WHERE c.id IS NULL) $sql$ INTO astray;
  IF astray THEN
    PERFORM refuse('credit_batch_item_matches_claim', 'an item has the amount and the wallet of its claim');
  END IF;
  FOR part IN SELECT batch_id, count(*) AS items, sum(amount_jpy)::bigint AS total FROM added GROUP BY batch_id ORDER BY batch_id LOOP
    UPDATE credit_batch SET item_count = item_count + part.items, total_jpy = total_jpy + part.total
    WHERE id = part.batch_id AND status = 'draft';
    IF NOT FOUND THEN
      PERFORM refuse('credit_batch_item_only_in_draft', format('batch %s is not a draft: nothing can be added', part.batch_id));
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER credit_batch_item_post_added AFTER INSERT ON credit_batch_item
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION post_credit_batch_items();

-- Skipped items: once, for a reason that is true now, and never one that was credited. Posts the counters.
CREATE FUNCTION post_credit_batch_skips() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  astray boolean;
  part record;
BEGIN
  IF NOT EXISTS (SELECT FROM skipped) THEN
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM unskipped WHERE skip_reason IS NOT NULL) OR EXISTS (SELECT FROM skipped WHERE skip_reason IS NULL) THEN
    PERFORM refuse('credit_batch_item_skipped_once', 'an item is skipped once and stays so');
  END IF;
  FOR part IN SELECT batch_id, count(*) AS items, sum(amount_jpy)::bigint AS total FROM skipped GROUP BY batch_id ORDER BY batch_id LOOP
    UPDATE credit_batch SET skipped_count = skipped_count + part.items, skipped_jpy = skipped_jpy + part.total, progressed_at = clock_timestamp()
    WHERE id = part.batch_id;
  END LOOP;
  EXECUTE $sql$
    SELECT EXISTS (SELECT FROM skipped i JOIN credit_batch b ON b.id = i.batch_id JOIN claim c ON c.id = i.claim_id
                   WHERE NOT CASE i.skip_reason
                     WHEN 'under_review' THEN b.status = 'executing' AND c.held AND c.status <> 'credited'
                     WHEN 'not_approved' THEN b.status = 'executing' AND c.status IN ('pending', 'rejected')
                     WHEN 'released' THEN b.status IN ('draft', 'submitted', 'approved', 'paused') AND c.status <> 'credited' END) $sql$ INTO astray;
  IF astray THEN
    PERFORM refuse('credit_batch_item_skip_is_true', 'an item was skipped for a reason that does not hold');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credit_batch_item_post_skipped AFTER UPDATE ON credit_batch_item
  REFERENCING OLD TABLE AS unskipped NEW TABLE AS skipped FOR EACH STATEMENT EXECUTE FUNCTION post_credit_batch_skips();
CREATE TRIGGER credit_batch_item_never_rewritten BEFORE UPDATE OF batch_id, seq, claim_id, wallet_account_id, amount_jpy ON credit_batch_item
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER credit_batch_item_never_removed BEFORE DELETE OR TRUNCATE ON credit_batch_item
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- Credits: each belongs to a live item of a batch that executes, as approved, in its time, with the item's amount and
-- wallet and the batch's posting date and label; and its claim is credited when the statement is done. The batch row is
-- locked, so a pause waits for the statement's transaction or the credit is refused. Posts the counters.
CREATE FUNCTION post_credit_batch_credits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  unmatched bigint;
  part record;
BEGIN
  SELECT count(*) INTO unmatched FROM credits WHERE kind = 'credit';
  IF unmatched = 0 THEN
    RETURN NULL;
  END IF;
  -- Of the room at the right end: the kill switch and the sign of life of the watch.
  PERFORM assert_crediting_goes_on();
  FOR part IN EXECUTE $sql$
    SELECT i.batch_id, t.posting_date, t.label, count(*) AS items, sum(t.amount_jpy)::bigint AS total
    FROM credits t
    JOIN credit_batch_item i ON i.claim_id = t.reference_id AND i.skip_reason IS NULL
      AND i.amount_jpy = t.amount_jpy AND i.wallet_account_id = t.credit_account_id
    JOIN claim c ON c.id = t.reference_id AND c.status = 'credited'
    WHERE t.kind = 'credit'
    GROUP BY i.batch_id, t.posting_date, t.label ORDER BY i.batch_id $sql$
  LOOP
    UPDATE credit_batch b
    SET credited_count = credited_count + part.items, credited_jpy = credited_jpy + part.total, progressed_at = clock_timestamp()
    WHERE b.id = part.batch_id AND b.status = 'executing' AND now() >= b.not_before
      AND b.posting_date = part.posting_date AND b.label = part.label AND is_approved('credit_batch', b.id::text, b.content_hash);
    IF NOT FOUND THEN
      PERFORM refuse('credit_needs_executing_batch', format('batch %s is not executing as approved with this posting date and label', part.batch_id));
    END IF;
    unmatched := unmatched - part.items;
  END LOOP;
  IF unmatched <> 0 THEN
    PERFORM refuse('credit_matches_its_item', format('%s credits have no item of this amount and wallet, or their claim is not credited with them', unmatched));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_transfer_post_batch_credits AFTER INSERT ON ledger_transfer
  REFERENCING NEW TABLE AS credits FOR EACH STATEMENT EXECUTE FUNCTION post_credit_batch_credits();

GRANT SELECT ON credit_batch, credit_batch_item TO henkin_app;
GRANT INSERT (label, posting_date, not_before, filter, made_by) ON credit_batch TO henkin_app;
GRANT UPDATE (status, posting_date, not_before, control_total_jpy, content_hash, next_seq, pause_kind, pause_reason) ON credit_batch TO henkin_app;
GRANT INSERT (batch_id, seq, claim_id, wallet_account_id, amount_jpy) ON credit_batch_item TO henkin_app;
GRANT UPDATE (skip_reason) ON credit_batch_item TO henkin_app;
