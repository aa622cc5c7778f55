-- The work queue: what somebody has to do for a customer, one item each, handed out one at a time.
--
-- What this table guarantees, whatever the application does:
--   * one thing is open once: opening it again finds the item that is there
--   * an item is in one pair of hands, and a person has one in hand; it changes hands only after 15 minutes of silence
--   * nobody takes an item about their own record or a relative's
--   * whoever has it in hand finishes it, with an outcome; a finished item never changes
--   * what it is about never changes, and no item is removed

-- What there is to do. Other rooms open items of these kinds; who works on which is said in work-item-kinds.ts.
CREATE TYPE work_item_kind AS ENUM (
  'follow_up', 'hold_release', 'returned_mail', 'customer_message', 'objection', 'caller_check_locked', 'contact_changed',
  'watch_alert', 'complaint', 'shared_contact', 'contact_burst');

-- open    taken (handed out), done (what it was about has settled itself)
-- taken   taken (by another, after 15 minutes of silence), open (handed back), done
-- done    never left
CREATE TYPE work_item_status AS ENUM ('open', 'taken', 'done');

-- resolved            it was done
-- unreachable         the customer could not be reached
-- handed_on           another department goes on with it
-- kept                looked at, and left as it is for now
-- not_needed          nothing had to be done
-- settled_elsewhere   its cause went away before anybody took it in hand or finished it
CREATE TYPE work_item_outcome AS ENUM ('resolved', 'unreachable', 'handed_on', 'kept', 'not_needed', 'settled_elsewhere');

CREATE TABLE work_item (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind         work_item_kind NOT NULL,
  -- Null: about nobody who is known here.
  holder_id    bigint REFERENCES holder (id),
  -- Opaque here, like a transfer's reference: the room that opened the item knows what it names.
  subject_type text NOT NULL CHECK (subject_type ~ '^[a-z_]{1,40}$'),
  subject_id   text NOT NULL CHECK (subject_id ~ '^[!-~]{1,100}$'),
  -- Which items are the same thing to do: two with one key are never open together.
  dedupe_key   text NOT NULL CHECK (dedupe_key ~ '^[!-~]{1,200}$'),
  -- Not handed out before this day in Japan.
  due_on       date NOT NULL,
  status       work_item_status NOT NULL DEFAULT 'open',
  opened_at    timestamptz NOT NULL DEFAULT now(),
  taken_by     uuid REFERENCES staff (id),
  taken_at     timestamptz,
  -- The last sign of life of whoever has it in hand.
  touched_at   timestamptz,
  done_by      uuid REFERENCES staff (id),
  done_at      timestamptz,
  outcome      work_item_outcome,
  outcome_text text CHECK (length(outcome_text) BETWEEN 1 AND 2000),
  CONSTRAINT work_item_taken_is_complete CHECK ((status <> 'open' OR taken_by IS NULL) AND (status <> 'taken' OR taken_by IS NOT NULL)
    AND num_nonnulls(taken_by, taken_at, touched_at) IN (0, 3)),
  CONSTRAINT work_item_done_is_complete CHECK ((status = 'done') = (done_at IS NOT NULL) AND (status = 'done') = (outcome IS NOT NULL)
    AND (outcome_text IS NULL OR status = 'done') AND (done_by IS NOT NULL) = (status = 'done' AND outcome <> 'settled_elsewhere'))
);
CREATE UNIQUE INDEX work_item_open_once ON work_item (kind, dedupe_key) WHERE status <> 'done';
CREATE UNIQUE INDEX work_item_one_in_hand ON work_item (taken_by) WHERE status = 'taken';
-- The next one is the first of these that nobody has in hand.
CREATE INDEX work_item_waiting ON work_item (due_on, id, kind) WHERE status <> 'done';
CREATE INDEX work_item_by_kind ON work_item (kind, status, id);
CREATE INDEX work_item_by_holder ON work_item (holder_id, id) WHERE holder_id IS NOT NULL;

CREATE FUNCTION guard_work_item() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'open' THEN
      PERFORM refuse('work_item_state', 'an item begins open');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status = 'done' OR (OLD.status, NEW.status) = ('open', 'done') AND NEW.outcome <> 'settled_elsewhere' THEN
    PERFORM refuse('work_item_state', format('an item does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF NEW.status = 'taken' AND OLD.status = 'taken' AND NEW.taken_by <> OLD.taken_by AND OLD.touched_at > now() - interval '15 minutes' THEN
    PERFORM refuse('work_item_in_one_hand', 'somebody else has this item in hand');
  END IF;
  IF NEW.status = 'taken' AND NEW.taken_by IS DISTINCT FROM OLD.taken_by AND EXISTS (
      SELECT FROM holder h JOIN staff_interest i ON i.customer_no = h.customer_no WHERE h.id = NEW.holder_id AND i.staff_id = NEW.taken_by) THEN
    PERFORM refuse('work_item_not_about_oneself', 'nobody works on their own record or a relative''s');
  END IF;
  IF NEW.status = 'done' AND NEW.done_by IS NOT NULL AND NEW.done_by IS DISTINCT FROM OLD.taken_by THEN
    PERFORM refuse('work_item_done_by_its_taker', 'an item is finished by whoever has it in hand');
  END IF;
  -- Times are the database's, whatever is written.
  IF NEW.taken_by IS NOT NULL AND NEW.taken_by IS DISTINCT FROM OLD.taken_by THEN
    NEW.taken_at := now();
    NEW.touched_at := now();
  ELSIF NEW.touched_at IS DISTINCT FROM OLD.touched_at AND NEW.touched_at IS NOT NULL THEN
    NEW.touched_at := now();
  END IF;
  IF NEW.status = 'done' THEN
    NEW.done_at := now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER work_item_guard BEFORE INSERT OR UPDATE ON work_item
  FOR EACH ROW EXECUTE FUNCTION guard_work_item();
CREATE TRIGGER work_item_never_removed BEFORE DELETE OR TRUNCATE ON work_item
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT, INSERT (kind, holder_id, subject_type, subject_id, dedupe_key, due_on) ON work_item TO henkin_app;
GRANT UPDATE (due_on, status, taken_by, taken_at, touched_at, done_by, done_at, outcome, outcome_text) ON work_item TO henkin_app;
