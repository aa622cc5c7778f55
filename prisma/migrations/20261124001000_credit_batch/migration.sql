-- Credit batches: approved claims are paid into the wallets, each once.
--
-- What these tables guarantee, whatever the application does:
--   * a claim is in one live batch at most
--   * what is in a batch is fixed from its submission on: nothing is added, raised or replaced
--   * a credit belongs to an item of a batch that two people approved and that is executing: same claim, amount, wallet, label
--     and posting date, not before its time, and the claim is credited in the same statement
--   * a batch is completed or stopped only when its items, its counters and its transfers agree
--   * a batch that an alert has paused goes on, and a paused batch is stopped, only as approved by two people

-- draft     → submitted | cancelled
-- submitted → approved | rejected (refused by a checker) | draft (nobody decided in time, or it was void: items stay) | cancelled
-- approved  → executing | draft (its posting date passed before it began: submit it with a new date) | cancelled
-- executing → paused | completed
-- paused    → executing | stopped
-- completed, rejected, cancelled and stopped are never left
CREATE TYPE credit_batch_status AS ENUM ('draft', 'submitted', 'approved', 'executing', 'paused', 'completed', 'rejected', 'cancelled', 'stopped');
CREATE TYPE pause_kind AS ENUM ('ordinary', 'alert');
-- Why a batch did not credit an item: under_review (held), not_approved (the decision was withdrawn), released (the batch ended without it).
CREATE TYPE skip_reason AS ENUM ('under_review', 'not_approved', 'released');

CREATE TABLE credit_batch (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  status            credit_batch_status NOT NULL DEFAULT 'draft',
  filter            jsonb NOT NULL,
  -- What customers read beside the amount, and the day under which it is booked, whatever the clock says.
  label             text NOT NULL CHECK (length(label) BETWEEN 1 AND 40),
  posting_date      date NOT NULL,
  not_before        timestamptz NOT NULL,
  item_count        bigint NOT NULL DEFAULT 0 CHECK (item_count >= 0),
  total_jpy         bigint NOT NULL DEFAULT 0 CHECK (total_jpy >= 0),
  -- As typed by the maker from the finance paper.
  control_total_jpy bigint,
  content_hash      text CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  names_customers   boolean NOT NULL,
  -- The first item that no chunk has worked on yet.
  next_seq          bigint NOT NULL DEFAULT 1,
  credited_count    bigint NOT NULL DEFAULT 0,
  credited_jpy      bigint NOT NULL DEFAULT 0,
  skipped_count     bigint NOT NULL DEFAULT 0,
  skipped_jpy       bigint NOT NULL DEFAULT 0,
  pause_kind        pause_kind,
  pause_reason      text CHECK (length(pause_reason) <= 2000),
  -- Identifies one pause, so that an approval to resume or stop is good for this one only.
  pause_hash        text CHECK (pause_hash ~ '^[0-9a-f]{64}$'),
  made_by           uuid NOT NULL REFERENCES staff (id),
  created_at        timestamptz NOT NULL DEFAULT now(),
  submitted_at      timestamptz,
  approved_at       timestamptz,
  started_at        timestamptz,
  finished_at       timestamptz,
  CONSTRAINT credit_batch_submitted_is_complete CHECK (status IN ('draft', 'cancelled')
    OR (content_hash IS NOT NULL AND control_total_jpy = total_jpy AND item_count > 0)),
  CONSTRAINT credit_batch_pause_is_explained CHECK (status <> 'paused' OR num_nulls(pause_kind, pause_reason, pause_hash) = 0),
  CONSTRAINT credit_batch_never_more_than_total CHECK (credited_count + skipped_count <= item_count AND credited_jpy + skipped_jpy <= total_jpy)
);

CREATE TABLE credit_batch_item (
  batch_id          bigint NOT NULL REFERENCES credit_batch (id),
  seq               bigint NOT NULL CHECK (seq > 0),
  claim_id          bigint NOT NULL REFERENCES claim (id),
  wallet_account_id bigint NOT NULL REFERENCES ledger_account (id),
  amount_jpy        bigint NOT NULL CHECK (amount_jpy > 0),
  -- Null while it waits and once it is credited (the transfer says which); otherwise why this batch did not credit it.
  skip_reason       skip_reason,
  PRIMARY KEY (batch_id, seq)
);
CREATE UNIQUE INDEX credit_batch_item_in_one_live_batch ON credit_batch_item (claim_id) WHERE skip_reason IS NULL;

CREATE FUNCTION guard_credit_batch_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  counted record;
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
      ('draft', 'submitted'), ('draft', 'cancelled'),
      ('submitted', 'approved'), ('submitted', 'rejected'), ('submitted', 'draft'), ('submitted', 'cancelled'),
      ('approved', 'executing'), ('approved', 'draft'), ('approved', 'cancelled'),
      ('executing', 'paused'), ('executing', 'completed'), ('paused', 'executing'), ('paused', 'stopped')) THEN
    PERFORM refuse('credit_batch_state', format('a batch does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF OLD.status <> 'draft' AND NEW.status <> 'draft'
     AND (NEW.label, NEW.posting_date, NEW.not_before, NEW.item_count, NEW.total_jpy, NEW.control_total_jpy, NEW.content_hash)
     IS DISTINCT FROM (OLD.label, OLD.posting_date, OLD.not_before, OLD.item_count, OLD.total_jpy, OLD.control_total_jpy, OLD.content_hash) THEN
    PERFORM refuse('credit_batch_fixed_when_submitted', 'what was submitted does not change');
  END IF;
  IF NEW.status = 'submitted' AND OLD.status = 'draft' THEN
    SELECT count(*) AS items, coalesce(sum(amount_jpy), 0) AS total INTO counted FROM credit_batch_item WHERE batch_id = OLD.id;
    IF counted.items <> NEW.item_count OR counted.total <> NEW.total_jpy THEN
      PERFORM refuse('credit_batch_totals_are_the_items', 'count and total are not those of the items');
    END IF;
  END IF;
  IF OLD.status <> NEW.status AND (NEW.status = 'approved' OR (OLD.status = 'approved' AND NEW.status = 'executing'))
     AND NOT is_approved('credit_batch', OLD.id::text, OLD.content_hash) THEN
    PERFORM refuse('credit_batch_needs_approval', 'no approval of exactly this batch');
  END IF;
  IF OLD.status = 'paused' AND NEW.status = 'executing' AND OLD.pause_kind = 'alert' AND NOT is_approved('batch_resume', OLD.id::text, OLD.pause_hash) THEN
    PERFORM refuse('credit_batch_alert_needs_two', 'after an alert two people let it go on');
  END IF;
  IF NEW.status = 'stopped' AND OLD.status = 'paused' AND NOT is_approved('batch_stop', OLD.id::text, OLD.pause_hash) THEN
    PERFORM refuse('credit_batch_stop_needs_two', 'two people stop a batch');
  END IF;
  IF NEW.status IN ('completed', 'stopped') AND OLD.status <> NEW.status THEN
    SELECT count(t.id) AS credited, coalesce(sum(t.amount_jpy), 0) AS credited_jpy,
           count(*) FILTER (WHERE i.skip_reason IS NOT NULL) AS skipped, coalesce(sum(i.amount_jpy) FILTER (WHERE i.skip_reason IS NOT NULL), 0) AS skipped_jpy
      INTO counted
      FROM credit_batch_item i
      LEFT JOIN ledger_transfer t ON t.kind = 'credit' AND t.reference_id = i.claim_id AND i.skip_reason IS NULL
      WHERE i.batch_id = OLD.id;
    IF (counted.credited, counted.credited_jpy, counted.skipped, counted.skipped_jpy)
       IS DISTINCT FROM (NEW.credited_count, NEW.credited_jpy::numeric, NEW.skipped_count, NEW.skipped_jpy::numeric)
       OR NEW.credited_count + NEW.skipped_count <> NEW.item_count OR NEW.credited_jpy + NEW.skipped_jpy <> NEW.total_jpy THEN
      PERFORM refuse('credit_batch_totals_agree', format('items, counters and transfers of batch %s differ', OLD.id));
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_batch_guard_update BEFORE UPDATE ON credit_batch
  FOR EACH ROW EXECUTE FUNCTION guard_credit_batch_update();

-- Guards over many rows ask with EXECUTE: a plan that was made for one row would be kept and used again for thousands.
CREATE FUNCTION guard_credit_batch_item_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  all_right boolean;
BEGIN
  EXECUTE $q$
    SELECT (SELECT count(*) FROM reserved) = (
      SELECT count(*)
      FROM reserved i
      JOIN claim c ON c.id = i.claim_id AND c.status = 'approved' AND NOT c.held AND c.amount_jpy = i.amount_jpy AND c.wallet_account_id = i.wallet_account_id
      JOIN credit_batch b ON b.id = i.batch_id AND b.status = 'draft'
      WHERE i.skip_reason IS NULL)$q$ INTO all_right;
  IF NOT all_right THEN
    PERFORM refuse('credit_batch_item_reserves_approved', 'only approved claims that are not held, with their amount and wallet, enter a draft');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credit_batch_item_guard_insert AFTER INSERT ON credit_batch_item
  REFERENCING NEW TABLE AS reserved FOR EACH STATEMENT EXECUTE FUNCTION guard_credit_batch_item_insert();

CREATE FUNCTION guard_credit_batch_item_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  violated text;
BEGIN
  EXECUTE $q$
    SELECT min(CASE WHEN o.skip_reason IS NOT NULL OR n.skip_reason IS NULL THEN 'credit_batch_item_skipped_once'
                    WHEN c.status = 'credited' THEN 'credit_batch_item_credited_stays' END)
    FROM before_item o
    JOIN after_item n ON n.batch_id = o.batch_id AND n.seq = o.seq
    JOIN claim c ON c.id = n.claim_id$q$ INTO violated;
  IF violated IS NOT NULL THEN
    PERFORM refuse(violated, 'an item is skipped once, and never after it was credited');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credit_batch_item_guard_update AFTER UPDATE ON credit_batch_item
  REFERENCING OLD TABLE AS before_item NEW TABLE AS after_item FOR EACH STATEMENT EXECUTE FUNCTION guard_credit_batch_item_update();

-- Together with guard_claim_update: a credit is transfer and claim in one statement, or it is refused.
CREATE FUNCTION guard_credit_transfers() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  all_right boolean;
BEGIN
  EXECUTE $q$
    SELECT (SELECT count(*) FROM posted WHERE kind = 'credit') = (
      SELECT count(*)
      FROM posted p
      JOIN credit_batch_item i ON i.claim_id = p.reference_id AND i.skip_reason IS NULL AND i.amount_jpy = p.amount_jpy AND i.wallet_account_id = p.credit_account_id
      JOIN credit_batch b ON b.id = i.batch_id AND b.status = 'executing' AND b.posting_date = p.posting_date AND b.label = p.label AND b.not_before <= now()
      JOIN claim c ON c.id = p.reference_id AND c.status = 'credited'
      WHERE p.kind = 'credit')$q$ INTO all_right;
  IF NOT all_right THEN
    PERFORM refuse('credit_belongs_to_executing_batch', 'a credit needs its item in an approved, executing batch, and its claim credited in the same statement');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_transfer_guard_credits AFTER INSERT ON ledger_transfer
  REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION guard_credit_transfers();

CREATE TRIGGER credit_batch_never_removed BEFORE DELETE OR TRUNCATE ON credit_batch FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER credit_batch_item_never_removed BEFORE DELETE OR TRUNCATE ON credit_batch_item FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON credit_batch, credit_batch_item TO henkin_app;
GRANT INSERT (filter, label, posting_date, not_before, names_customers, made_by) ON credit_batch TO henkin_app;
GRANT UPDATE (status, label, posting_date, not_before, item_count, total_jpy, control_total_jpy, content_hash, next_seq, credited_count, credited_jpy,
  skipped_count, skipped_jpy, pause_kind, pause_reason, pause_hash, submitted_at, approved_at, started_at, finished_at) ON credit_batch TO henkin_app;
GRANT INSERT (batch_id, seq, claim_id, wallet_account_id, amount_jpy) ON credit_batch_item TO henkin_app;
GRANT UPDATE (skip_reason) ON credit_batch_item TO henkin_app;
