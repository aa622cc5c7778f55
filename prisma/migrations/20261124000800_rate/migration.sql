-- The price at which the stolen currency is compensated, as announced, and the market evidence for it.
--
-- What these tables guarantee, whatever the application does:
--   * a rate becomes effective only as two people agreed to it, evidence included, and one is effective at a time;
--   * what was announced (price, window, rounding, wording) never changes: a new announcement is a new rate;
--   * evidence is written once, and only while its rate is proposed.

-- How an amount in yen becomes whole yen, once per claim: to the nearest (x.5 upward), always up, always down.
CREATE TYPE rounding_rule AS ENUM ('half_up', 'up', 'down');

-- The only rounding of the programme. Amounts are not negative, so half away from zero is half up.
-- Not STRICT, so that the planner can put it into the statements over all claims.
CREATE FUNCTION round_jpy(amount numeric, rule rounding_rule) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (CASE rule WHEN 'half_up' THEN round(amount) WHEN 'up' THEN ceil(amount) WHEN 'down' THEN floor(amount) END)::bigint;

-- The legal wording under which customers are paid. A claim keeps its rate, and with it this version.
CREATE TABLE legal_wording (
  version    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ja         text NOT NULL CONSTRAINT legal_wording_ja_length CHECK (length(ja) BETWEEN 1 AND 10000),
  en         text NOT NULL CONSTRAINT legal_wording_en_length CHECK (length(en) BETWEEN 1 AND 10000),
  created_at timestamptz NOT NULL DEFAULT now()
);

-- proposed    effective (approved), rejected (a checker refused), lapsed (nobody decided in time, or it was voided)
-- lapsed      proposed (its maker asks again)
-- effective   superseded (another rate becomes effective, which is possible only while no claim is credited)
-- rejected, superseded   never left
CREATE TYPE rate_status AS ENUM ('proposed', 'effective', 'rejected', 'lapsed', 'superseded');

CREATE TABLE rate (
  id                 uuid PRIMARY KEY DEFAULT uuidv7(),
  -- The upper limit keeps every amount within bigint and catches a misplaced decimal point.
  price_jpy_per_xem  numeric(18, 8) NOT NULL CONSTRAINT rate_price_range CHECK (price_jpy_per_xem > 0 AND price_jpy_per_xem < 100000),
  method             text NOT NULL CONSTRAINT rate_method_length CHECK (length(method) BETWEEN 1 AND 500),
  window_start       timestamptz NOT NULL,
  window_end         timestamptz NOT NULL,
  -- Other instants that were considered for either end: evidence shows what they would have made of the price.
  alternative_starts timestamptz[] NOT NULL DEFAULT '{}',
  alternative_ends   timestamptz[] NOT NULL DEFAULT '{}',
  rounding_rule      rounding_rule NOT NULL,
  source_text        text NOT NULL CONSTRAINT rate_source_text_length CHECK (length(source_text) BETWEEN 1 AND 2000),
  wording_version    integer NOT NULL REFERENCES legal_wording (version),
  status             rate_status NOT NULL DEFAULT 'proposed',
  -- Opaque here; the approval request of the same transaction names the same person as its maker.
  proposed_by        uuid NOT NULL,
  created_at         timestamptz NOT NULL DEFAULT now(),
  effective_at       timestamptz,
  CONSTRAINT rate_window_runs_forward CHECK (window_start < window_end),
  CONSTRAINT rate_few_alternatives CHECK (cardinality(alternative_starts) <= 5 AND cardinality(alternative_ends) <= 5),
  CONSTRAINT rate_effective_since CHECK ((status IN ('effective', 'superseded')) = (effective_at IS NOT NULL))
);
CREATE UNIQUE INDEX rate_one_effective ON rate (status) WHERE status = 'effective';

-- trades  time, price, quantity: the volume-weighted average is recomputed from them, exactly
-- ohlc    bars without volume: they give bounds and proxies only
CREATE TYPE evidence_kind AS ENUM ('trades', 'ohlc');

CREATE TABLE rate_evidence (
  id          uuid PRIMARY KEY DEFAULT uuidv7(),
  rate_id     uuid NOT NULL REFERENCES rate (id),
  kind        evidence_kind NOT NULL,
  file_sha256 text NOT NULL CONSTRAINT rate_evidence_file_sha256_hex CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
  row_count   bigint NOT NULL CONSTRAINT rate_evidence_has_rows CHECK (row_count > 0),
  figures     jsonb NOT NULL,
  uploaded_by uuid NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT rate_evidence_same_file_once UNIQUE (rate_id, file_sha256)
);

-- What a checker agrees to: the announcement, its wording, and the figures of each file of evidence. Null if there is no such rate.
-- Instants count as seconds since 1970, because their text depends on the time zone of whoever asks.
CREATE FUNCTION rate_content_hash(asked uuid) RETURNS text
LANGUAGE sql STABLE
RETURN (
  SELECT encode(sha256(convert_to(jsonb_build_array(
    r.id, r.price_jpy_per_xem, r.method, extract(epoch FROM r.window_start), extract(epoch FROM r.window_end),
    (SELECT jsonb_agg(extract(epoch FROM at) ORDER BY at) FROM unnest(r.alternative_starts) AS at),
    (SELECT jsonb_agg(extract(epoch FROM at) ORDER BY at) FROM unnest(r.alternative_ends) AS at),
    r.rounding_rule, r.source_text, w.version, w.ja, w.en,
    (SELECT jsonb_agg(jsonb_build_array(e.kind, e.file_sha256, e.row_count, e.figures) ORDER BY e.file_sha256) FROM rate_evidence e WHERE e.rate_id = r.id)
  )::text, 'UTF8')), 'hex')
  FROM rate r JOIN legal_wording w ON w.version = r.wording_version
  WHERE r.id = asked);

CREATE FUNCTION guard_rate_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - ARRAY['status', 'effective_at'] <> to_jsonb(OLD) - ARRAY['status', 'effective_at'] THEN
    PERFORM refuse('rate_never_rewritten', 'what was announced cannot be changed: announce anew');
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('proposed', 'effective'), ('proposed', 'rejected'), ('proposed', 'lapsed'),
                                      ('lapsed', 'proposed'), ('effective', 'superseded')) THEN
    PERFORM refuse('rate_state', format('a rate does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF NEW.status = 'effective' THEN
    IF NOT is_approved('rate', NEW.id::text, rate_content_hash(NEW.id)) THEN
      PERFORM refuse('rate_needs_approval', 'no checker has approved this rate with this evidence');
    END IF;
    NEW.effective_at := now();
  ELSE
    NEW.effective_at := OLD.effective_at;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rate_guard_update BEFORE UPDATE ON rate
  FOR EACH ROW EXECUTE FUNCTION guard_rate_update();

CREATE FUNCTION guard_rate_evidence_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- Locked, so that the rate does not become effective while evidence that nobody agreed to comes in.
  PERFORM FROM rate WHERE id = NEW.rate_id AND status = 'proposed' FOR SHARE;
  IF NOT FOUND THEN
    PERFORM refuse('rate_evidence_while_proposed', 'evidence is added while its rate is proposed');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rate_evidence_guard_insert BEFORE INSERT ON rate_evidence
  FOR EACH ROW EXECUTE FUNCTION guard_rate_evidence_insert();

CREATE TRIGGER rate_never_removed BEFORE DELETE OR TRUNCATE ON rate
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER rate_evidence_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rate_evidence
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER legal_wording_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON legal_wording
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON legal_wording, rate, rate_evidence TO henkin_app;
GRANT INSERT (ja, en) ON legal_wording TO henkin_app;
GRANT INSERT (price_jpy_per_xem, method, window_start, window_end, alternative_starts, alternative_ends, rounding_rule, source_text,
  wording_version, proposed_by) ON rate TO henkin_app;
GRANT UPDATE (status) ON rate TO henkin_app;
GRANT INSERT (rate_id, kind, file_sha256, row_count, figures, uploaded_by) ON rate_evidence TO henkin_app;
