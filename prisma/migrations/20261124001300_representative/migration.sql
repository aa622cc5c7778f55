-- Representatives (代理人等): who else may be spoken to about a holder, by which papers and for how long.
--
-- What this table guarantees, whatever the application does:
--   * what one person recorded counts only after another person has confirmed exactly this, by id
--   * nobody records, confirms or ends a representative of themselves or of a relative
--   * what was recorded never changes: a mistake is ended and recorded anew

CREATE TYPE representative_kind AS ENUM ('parent', 'guardian', 'heir', 'lawyer', 'company_officer');
-- proposed   confirmed (another person agreed), refused, lapsed (nobody decided in time)
-- confirmed  ended (before valid_to, by any one person: it takes a right away and gives none)
-- refused, lapsed, ended   never left; recording anew makes a new row
CREATE TYPE representative_status AS ENUM ('proposed', 'confirmed', 'refused', 'lapsed', 'ended');

CREATE TABLE representative (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  holder_id    bigint NOT NULL REFERENCES holder (id),
  kind         representative_kind NOT NULL,
  name         text NOT NULL CONSTRAINT representative_name_is_plain CHECK (is_plain_text(name) AND length(name) <= 200),
  papers       text NOT NULL CONSTRAINT representative_papers_are_plain CHECK (is_plain_text(papers) AND length(papers) <= 500),
  valid_from   date NOT NULL,
  -- The last day; null: until it is ended.
  valid_to     date,
  status       representative_status NOT NULL DEFAULT 'proposed',
  recorded_by  uuid NOT NULL REFERENCES staff (id),
  recorded_at  timestamptz NOT NULL DEFAULT now(),
  confirmed_by uuid REFERENCES staff (id),
  ended_by     uuid REFERENCES staff (id),
  ended_at     timestamptz,
  end_reason   text CONSTRAINT representative_end_reason_is_plain CHECK (is_plain_text(end_reason) AND length(end_reason) <= 500),
  CONSTRAINT representative_valid_in_order CHECK (valid_to >= valid_from),
  CONSTRAINT representative_confirmed_by_another CHECK (confirmed_by <> recorded_by),
  CONSTRAINT representative_confirmed_by_somebody CHECK ((status IN ('confirmed', 'ended')) = (confirmed_by IS NOT NULL)),
  CONSTRAINT representative_end_is_complete CHECK (
    (status = 'ended') = (ended_by IS NOT NULL) AND (status = 'ended') = (ended_at IS NOT NULL) AND (status = 'ended') = (end_reason IS NOT NULL)),
  -- For references that say whose representative it is.
  CONSTRAINT representative_of_holder UNIQUE (id, holder_id)
);
CREATE INDEX representative_by_holder ON representative (holder_id);

-- What the second person agrees to.
CREATE FUNCTION representative_hash(asked bigint) RETURNS text
LANGUAGE sql STABLE
RETURN (
  SELECT encode(sha256(convert_to(jsonb_build_array(r.id, r.holder_id, r.kind, r.name, r.papers,
    r.valid_from - date '1970-01-01', r.valid_to - date '1970-01-01', r.recorded_by)::text, 'UTF8')), 'hex')
  FROM representative r WHERE r.id = asked);

-- May this representative be spoken to now?
CREATE FUNCTION representative_is_valid(asked representative) RETURNS boolean
LANGUAGE sql STABLE
RETURN (asked).status = 'confirmed'
  AND timezone('Asia/Tokyo', now())::date BETWEEN (asked).valid_from AND coalesce((asked).valid_to, 'infinity'::date);

CREATE FUNCTION guard_representative() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  actor uuid := CASE TG_OP WHEN 'INSERT' THEN NEW.recorded_by ELSE NEW.ended_by END;
BEGIN
  IF actor IS NOT NULL AND EXISTS (SELECT FROM staff_interest i JOIN holder h ON h.customer_no = i.customer_no
                                   WHERE i.staff_id = actor AND h.id = NEW.holder_id) THEN
    PERFORM refuse('representative_not_of_oneself', 'nobody records or ends a representative of themselves or of a relative');
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'proposed' THEN
      PERFORM refuse('representative_begins_proposed', 'a representative is recorded first and confirmed by another person');
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ARRAY['status', 'confirmed_by', 'ended_by', 'ended_at', 'end_reason']
     <> to_jsonb(OLD) - ARRAY['status', 'confirmed_by', 'ended_by', 'ended_at', 'end_reason'] THEN
    PERFORM refuse('representative_never_rewritten', 'what was recorded cannot be changed: end it and record it anew');
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('proposed', 'confirmed'), ('proposed', 'refused'), ('proposed', 'lapsed'), ('confirmed', 'ended')) THEN
    PERFORM refuse('representative_state', format('a representative does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF NEW.status = 'confirmed' THEN
    -- Asked for by exactly who recorded it, so that the checker of the request is another person than the recorder.
    SELECT d.checker_id INTO NEW.confirmed_by
    FROM approval_request r JOIN approval_decision d ON d.request_id = r.id
    WHERE r.subject_type = 'representative' AND r.subject_id = OLD.id::text AND r.content_hash = representative_hash(OLD.id)
      AND r.status = 'approved' AND r.maker_id = OLD.recorded_by AND d.decision = 'approve'
    ORDER BY d.decided_at LIMIT 1;
    IF NEW.confirmed_by IS NULL THEN
      PERFORM refuse('representative_needs_another', 'no second person has confirmed this representative');
    END IF;
  END IF;
  NEW.ended_at := CASE WHEN NEW.status = 'ended' THEN now() END;
  RETURN NEW;
END $$;
CREATE TRIGGER representative_guard BEFORE INSERT OR UPDATE ON representative
  FOR EACH ROW EXECUTE FUNCTION guard_representative();
CREATE TRIGGER representative_never_removed BEFORE DELETE OR TRUNCATE ON representative
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON representative TO henkin_app;
GRANT INSERT (holder_id, kind, name, papers, valid_from, valid_to, recorded_by) ON representative TO henkin_app;
GRANT UPDATE (status, ended_by, end_reason) ON representative TO henkin_app;
