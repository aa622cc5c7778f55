-- What customers say: questions they write themselves, and objections to their quantity that staff take down.
--
-- What these tables guarantee, whatever the application does:
--   * a message is plain text, written once, and a customer writes at most 5 in 24 hours
--   * a holder has one open objection at a time; it is closed once, and nothing else of it changes
--   * nobody takes down or closes an objection of their own or of a relative, and whoever took it down does not close it
--   * an objection touches no claim: what is not disputed is paid as if there were none

CREATE TABLE customer_message (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id   bigint NOT NULL REFERENCES holder (id),
  text        text NOT NULL CONSTRAINT customer_message_is_plain CHECK (is_plain_text(text) AND length(text) <= 2000),
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX customer_message_by_holder ON customer_message (holder_id, received_at);

CREATE FUNCTION guard_customer_message_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- One message of a customer at a time, so that parallel ones see each other.
  PERFORM pg_advisory_xact_lock(hashtextextended('customer_message:' || NEW.holder_id, 0));
  IF (SELECT count(*) FROM customer_message WHERE holder_id = NEW.holder_id AND received_at > now() - interval '24 hours') >= 5 THEN
    PERFORM refuse('customer_message_daily_cap', 'more than 5 messages in 24 hours');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER customer_message_guard_insert BEFORE INSERT ON customer_message
  FOR EACH ROW EXECUTE FUNCTION guard_customer_message_insert();
CREATE TRIGGER customer_message_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON customer_message
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- upheld          the holder is right: what is owed beyond the claim is a further claim
-- partly_upheld   in part
-- not_upheld      the sealed quantity stands
-- withdrawn       by the customer
CREATE TYPE objection_outcome AS ENUM ('upheld', 'partly_upheld', 'not_upheld', 'withdrawn');

CREATE TABLE objection (
  -- Its number, by which the customer can ask about it.
  id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id            bigint NOT NULL REFERENCES holder (id),
  claimed_quantity_xem numeric(20, 6) NOT NULL CHECK (claimed_quantity_xem > 0 AND claimed_quantity_xem < 'NaN'),
  reason               text NOT NULL CONSTRAINT objection_reason_is_plain CHECK (is_plain_text(reason) AND length(reason) <= 2000),
  due_on               date NOT NULL,
  recorded_by          uuid NOT NULL REFERENCES staff (id),
  recorded_at          timestamptz NOT NULL DEFAULT now(),
  outcome              objection_outcome,
  outcome_text         text CONSTRAINT objection_outcome_is_plain CHECK (is_plain_text(outcome_text) AND length(outcome_text) <= 2000),
  closed_by            uuid REFERENCES staff (id),
  closed_at            timestamptz,
  CONSTRAINT objection_close_is_complete CHECK (num_nonnulls(outcome, outcome_text, closed_by, closed_at) IN (0, 4))
);
CREATE UNIQUE INDEX objection_one_open ON objection (holder_id) WHERE outcome IS NULL;
CREATE INDEX objection_by_holder ON objection (holder_id, id);

CREATE FUNCTION guard_objection() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM holder h JOIN staff_interest i ON i.customer_no = h.customer_no
             WHERE h.id = NEW.holder_id AND i.staff_id = coalesce(NEW.closed_by, NEW.recorded_by)) THEN
    PERFORM refuse('objection_not_about_oneself', 'nobody handles an objection of their own or of a relative');
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.outcome IS NOT NULL THEN
      PERFORM refuse('objection_closed_once', 'an objection begins open');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.outcome IS NOT NULL THEN
    PERFORM refuse('objection_closed_once', 'an objection is closed once');
  END IF;
  IF NEW.closed_by = OLD.recorded_by THEN
    PERFORM refuse('objection_closed_by_another', 'whoever took it down does not close it');
  END IF;
  NEW.closed_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER objection_guard BEFORE INSERT OR UPDATE ON objection
  FOR EACH ROW EXECUTE FUNCTION guard_objection();
CREATE TRIGGER objection_never_removed BEFORE DELETE OR TRUNCATE ON objection
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT, INSERT (holder_id, text) ON customer_message TO henkin_app;
GRANT SELECT, INSERT (holder_id, claimed_quantity_xem, reason, due_on, recorded_by) ON objection TO henkin_app;
GRANT UPDATE (outcome, outcome_text, closed_by, closed_at) ON objection TO henkin_app;
