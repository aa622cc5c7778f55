-- Claims: what each holder is owed, and everything that was decided about it.
--
-- What these tables guarantee, whatever the application does:
--   * a claim is quantity × price of a sealed, payable balance at the effective rate, rounded once by its rule, and never changes
--   * it moves only pending → approved → credited, pending → rejected, rejected → pending, approved → pending, each step
--     with its decision row (or, for crediting, its transfer) written in the same statement; credited is never left
--   * a held claim is neither approved nor credited
--   * above 1,000,000 JPY, for runs, reopenings and confidential holds, two people have agreed to exactly this
--   * nobody decides, holds or releases about their own money or a relative's; a run over a general filter may include it
--   * a hold because of a changed contact ends only when the contact is verified anew
--   * decisions are written once

CREATE TYPE claim_status AS ENUM ('pending', 'approved', 'credited', 'rejected');

-- Claim numbers are read out and typed on the phone: 12 digits, the last a Damm check digit, which finds every single
-- wrong digit and every swap of two neighbours. The first 11 are the id, scrambled one to one so that numbers do not count up.
CREATE FUNCTION damm_step(state integer, digit bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN get_byte('\x00030107050908060402070009020105040806030402000608070103050901070500090803040206060102030004050907080306070402000905080105080609070200010304080904050306020001070904030806010702000502050801040306070900'::bytea, state * 10 + digit::integer);

CREATE FUNCTION format_claim_no(body bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lpad(body::text, 11, '0') || damm_step(damm_step(damm_step(damm_step(damm_step(damm_step(damm_step(damm_step(damm_step(damm_step(damm_step(0,
  body / 10000000000 % 10), body / 1000000000 % 10), body / 100000000 % 10), body / 10000000 % 10), body / 1000000 % 10), body / 100000 % 10),
  body / 10000 % 10), body / 1000 % 10), body / 100 % 10), body / 10 % 10), body % 10)::text;

CREATE FUNCTION claim_no_of(id bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN format_claim_no((id * 7368787273 + 40213579246) % 100000000000);

CREATE TABLE claim (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id < 1000000000),
  claim_no          text NOT NULL GENERATED ALWAYS AS (claim_no_of(id)) STORED CONSTRAINT claim_claim_no_key UNIQUE,
  -- These four references are proven by guard_claim_insert, for all rows of a statement at once, and the tables they lead to
  -- never lose a row: checking them again row by row would take as long as everything else together.
  holder_id         bigint NOT NULL REFERENCES holder (id) NOT ENFORCED,
  frozen_balance_id bigint NOT NULL REFERENCES frozen_balance (id) NOT ENFORCED,
  rate_id           uuid NOT NULL REFERENCES rate (id) NOT ENFORCED,
  -- What is owed later is a further claim that names the one before; a claim's own amount never changes.
  parent_claim_id   bigint REFERENCES claim (id),
  wallet_account_id bigint NOT NULL REFERENCES ledger_account (id) NOT ENFORCED,
  quantity_xem      numeric(20, 6) NOT NULL CHECK (quantity_xem > 0 AND quantity_xem < 'NaN'),
  price_jpy_per_xem numeric(18, 8) NOT NULL CHECK (price_jpy_per_xem > 0 AND price_jpy_per_xem < 'NaN'),
  rounding_rule     rounding_rule NOT NULL,
  amount_jpy        bigint NOT NULL,
  status            claim_status NOT NULL DEFAULT 'pending',
  -- Raised by one with each change of state: the row of claim_decision with the same version says why.
  version           integer NOT NULL DEFAULT 0,
  -- Kept by the database from claim_hold.
  held              boolean NOT NULL DEFAULT false,
  created_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT claim_amount_is_quantity_times_price CHECK (amount_jpy = round_jpy(quantity_xem * price_jpy_per_xem, rounding_rule) AND amount_jpy >= 0)
-- State, version and held are in no index, and there is room on the page: changing them never touches an index.
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX claim_one_per_holder ON claim (holder_id) WHERE parent_claim_id IS NULL;
CREATE UNIQUE INDEX claim_one_per_balance ON claim (frozen_balance_id) WHERE parent_claim_id IS NULL;
-- Whoever asks for all claims of a holder asks for further ones too, and for that the two above are no help.
CREATE INDEX claim_by_holder ON claim (holder_id);

-- A decision over a filter, for many claims at once.
-- proposed → effective | refused | lapsed (nobody decided in time, or it was void)
CREATE TYPE approval_run_status AS ENUM ('proposed', 'effective', 'refused', 'lapsed');
CREATE TABLE approval_run (
  id                    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  filter                jsonb NOT NULL,
  -- Exactly the claims that were proposed: claims opened, released or reopened afterwards are not members.
  claim_ids             int8multirange NOT NULL,
  claim_count           bigint NOT NULL CHECK (claim_count > 0),
  total_jpy             bigint NOT NULL CHECK (total_jpy >= 0),
  below_one_yen_count   bigint NOT NULL CHECK (below_one_yen_count >= 0),
  content_hash          text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  -- True when the filter names customers one by one; then nobody's own claim may be among them.
  names_customers       boolean NOT NULL,
  status                approval_run_status NOT NULL DEFAULT 'proposed',
  made_by               uuid NOT NULL REFERENCES staff (id),
  created_at            timestamptz NOT NULL DEFAULT now()
);

CREATE TYPE claim_verdict AS ENUM ('approve', 'reject', 'withdraw', 'reopen');

-- A decision that waits for a second person. Good for one version of the claim only, so that nothing agreed to
-- earlier can be used again after the claim has moved on.
CREATE TYPE claim_proposal_status AS ENUM ('proposed', 'effective', 'refused', 'lapsed');
CREATE TABLE claim_proposal (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  claim_id     bigint NOT NULL REFERENCES claim (id),
  version      integer NOT NULL CHECK (version > 0),
  decision     claim_verdict NOT NULL,
  reason_code  text NOT NULL CHECK (reason_code ~ '^[a-z_]{1,40}$'),
  reason_text  text CHECK (length(reason_text) <= 2000),
  status       claim_proposal_status NOT NULL DEFAULT 'proposed',
  made_by      uuid NOT NULL REFERENCES staff (id),
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX claim_proposal_one_open ON claim_proposal (claim_id) WHERE status = 'proposed';

CREATE TABLE claim_decision (
  -- References without enforcement are proven by guard_claim_decision_insert.
  claim_id            bigint NOT NULL REFERENCES claim (id) NOT ENFORCED,
  version             integer NOT NULL CHECK (version > 0),
  decision            claim_verdict NOT NULL,
  reason_code         text NOT NULL CHECK (reason_code ~ '^[a-z_]{1,40}$'),
  reason_text         text CHECK (length(reason_text) <= 2000),
  decided_by          uuid NOT NULL REFERENCES staff (id) NOT ENFORCED,
  approval_run_id     bigint REFERENCES approval_run (id) NOT ENFORCED,
  approval_request_id uuid REFERENCES approval_request (id),
  decided_at          timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT claim_decision_one_per_version PRIMARY KEY (claim_id, version),
  CONSTRAINT claim_decision_one_origin CHECK (num_nonnulls(approval_run_id, approval_request_id) <= 1)
);
-- An approved request is good for one decision.
CREATE UNIQUE INDEX claim_decision_request_used_once ON claim_decision (approval_request_id) WHERE approval_request_id IS NOT NULL;
CREATE INDEX claim_decision_by_run ON claim_decision (approval_run_id) WHERE approval_run_id IS NOT NULL;

-- A flag beside the state of a claim, with its reason. Confidential ones are seen by compliance only.
-- proposed → active | refused (confidential ones need a second person of compliance)
-- active   → released
CREATE TYPE hold_visibility AS ENUM ('open', 'confidential');
CREATE TYPE hold_status AS ENUM ('proposed', 'active', 'refused', 'released');
CREATE TABLE claim_hold (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  claim_id       bigint NOT NULL REFERENCES claim (id),
  visibility     hold_visibility NOT NULL,
  status         hold_status NOT NULL,
  reason_code    text NOT NULL CHECK (reason_code ~ '^[a-z_]{1,40}$'),
  reason_text    text NOT NULL CHECK (length(reason_text) BETWEEN 1 AND 2000),
  authority      text CHECK (length(authority) <= 200),
  case_number    text CHECK (length(case_number) <= 100),
  content_hash   text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  -- Null: placed by the system itself, for instance because there is no wallet to credit.
  placed_by      uuid REFERENCES staff (id),
  placed_at      timestamptz NOT NULL DEFAULT now(),
  -- When a run or a batch first left the claim out because of it.
  met_at         timestamptz,
  released_by    uuid REFERENCES staff (id),
  released_at    timestamptz,
  release_reason text CHECK (length(release_reason) BETWEEN 1 AND 2000),
  CONSTRAINT claim_hold_release_is_complete CHECK ((status = 'released') = (released_by IS NOT NULL AND released_at IS NOT NULL AND release_reason IS NOT NULL))
);
CREATE INDEX claim_hold_by_claim ON claim_hold (claim_id);

-- Guards over many rows ask with EXECUTE: a plan that was made for one row would be kept and used again for 260,000.
CREATE FUNCTION guard_claim_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  all_right boolean;
BEGIN
  -- A rate is not superseded while claims are opened at it.
  PERFORM FROM rate WHERE status = 'effective' FOR SHARE;
  EXECUTE $q$
    SELECT (SELECT count(*) FROM added) = (
      SELECT count(*)
      FROM added c
      JOIN frozen_balance b ON b.id = c.frozen_balance_id AND b.holder_id = c.holder_id AND b.quantity_xem = c.quantity_xem AND b.excluded_reason IS NULL
      JOIN snapshot s ON s.id = b.snapshot_id AND s.status = 'sealed'
      JOIN rate r ON r.id = c.rate_id AND r.status = 'effective' AND r.price_jpy_per_xem = c.price_jpy_per_xem AND r.rounding_rule = c.rounding_rule
      JOIN ledger_account a ON a.id = c.wallet_account_id AND a.holder_id = c.holder_id
      WHERE c.status = 'pending' AND c.version = 0 AND NOT c.held)$q$ INTO all_right;
  IF NOT all_right THEN
    PERFORM refuse('claim_opens_from_sealed_balance', 'a claim opens pending, from a sealed payable balance at the effective rate, into the holder’s wallet');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER claim_guard_insert AFTER INSERT ON claim
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guard_claim_insert();

-- Runs when the whole statement is done, so decisions and transfers written by the same statement are there to be seen.
CREATE FUNCTION guard_claim_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  violated text;
BEGIN
  -- Subqueries for one value always probe the index; joins would read all decisions and transfers for each chunk.
  EXECUTE $q$
    SELECT min(guard) FROM (
      SELECT CASE
        WHEN o.status = 'credited' OR n.version <> o.version + (n.status <> o.status)::integer
          OR (n.status <> o.status AND (o.status, n.status) NOT IN
              (('pending', 'approved'), ('pending', 'rejected'), ('approved', 'credited'), ('approved', 'pending'), ('rejected', 'pending')))
          THEN 'claim_state'
        WHEN n.held AND n.status <> o.status AND n.status IN ('approved', 'credited') THEN 'claim_held'
        WHEN n.status <> o.status AND n.status <> 'credited'
             AND (SELECT d.decision FROM claim_decision d WHERE d.claim_id = n.id AND d.version = n.version) IS DISTINCT FROM
             (CASE WHEN n.status = 'approved' THEN 'approve' WHEN n.status = 'rejected' THEN 'reject' WHEN o.status = 'approved' THEN 'withdraw' ELSE 'reopen' END)::claim_verdict
          THEN 'claim_change_has_decision'
        WHEN n.status = 'credited'
             AND (SELECT t.amount_jpy = n.amount_jpy AND t.credit_account_id = n.wallet_account_id
                  FROM ledger_transfer t WHERE t.kind = 'credit' AND t.reference_id = n.id) IS NOT TRUE
          THEN 'claim_credited_has_transfer'
        -- The table of the next room: what is reserved for paying out is not taken back under it.
        WHEN o.status = 'approved' AND n.status = 'pending' AND EXISTS (SELECT FROM credit_batch_item i WHERE i.claim_id = n.id AND i.skip_reason IS NULL)
          THEN 'claim_in_live_batch'
      END AS guard
      FROM old_claim o
      JOIN new_claim n ON n.id = o.id) AS checked$q$ INTO violated;
  IF violated IS NOT NULL THEN
    PERFORM refuse(violated, 'a claim does not change like this');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER claim_guard_update AFTER UPDATE ON claim
  REFERENCING OLD TABLE AS old_claim NEW TABLE AS new_claim FOR EACH STATEMENT EXECUTE FUNCTION guard_claim_update();

CREATE FUNCTION guard_claim_decision_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  run approval_run%ROWTYPE;
  members int8multirange;
  all_right boolean;
BEGIN
  -- Every decision is the one that brought its claim to where it is when the statement is done; its person and its run exist.
  EXECUTE $q$
    SELECT (SELECT count(*) FROM decided) = (
      SELECT count(*) FROM decided d
      JOIN claim c ON c.id = d.claim_id AND c.version = d.version
       AND c.status = (CASE d.decision WHEN 'approve' THEN 'approved' WHEN 'reject' THEN 'rejected' ELSE 'pending' END)::claim_status)
      AND NOT EXISTS (SELECT decided_by FROM decided EXCEPT SELECT id FROM staff)
      AND NOT EXISTS (SELECT approval_run_id FROM decided WHERE approval_run_id IS NOT NULL EXCEPT SELECT id FROM approval_run)$q$ INTO all_right;
  IF NOT all_right THEN
    PERFORM refuse('claim_decision_changes_claim', 'a decision is written in the statement that moves its claim');
  END IF;
  IF EXISTS (SELECT FROM staff_interest i
             JOIN holder h ON h.customer_no = i.customer_no
             JOIN claim c ON c.holder_id = h.id
             JOIN decided d ON d.claim_id = c.id AND d.decided_by = i.staff_id
             LEFT JOIN approval_run r ON r.id = d.approval_run_id
             WHERE r.id IS NULL OR r.names_customers) THEN
    PERFORM refuse('claim_decision_not_about_own_money', 'this is the claim of the person who decides, or of a relative');
  END IF;
  IF EXISTS (SELECT FROM decided d JOIN claim c ON c.id = d.claim_id
             WHERE d.approval_run_id IS NULL AND d.approval_request_id IS NULL
               AND (d.decision = 'reopen' OR (d.decision IN ('approve', 'reject') AND c.amount_jpy > 1000000))) THEN
    PERFORM refuse('claim_decision_needs_two_people', 'above 1,000,000 JPY, and to reopen, two people decide');
  END IF;
  IF EXISTS (SELECT FROM decided d LEFT JOIN approval_request a ON a.id = d.approval_request_id
             LEFT JOIN claim_proposal p ON p.id::text = a.subject_id AND p.claim_id = d.claim_id AND p.version = d.version AND p.decision = d.decision
             WHERE d.approval_request_id IS NOT NULL
               AND (p.id IS NULL OR a.status <> 'approved' OR a.maker_id <> d.decided_by
                    OR a.subject_type <> CASE WHEN d.decision = 'reopen' THEN 'claim_reopening' ELSE 'claim_decision' END)) THEN
    PERFORM refuse('claim_decision_request_approved', 'no approved request for this decision on this claim');
  END IF;
  FOR run IN SELECT r.* FROM approval_run r WHERE r.id IN (SELECT DISTINCT approval_run_id FROM decided) LOOP
    IF run.status <> 'proposed' OR NOT is_approved('approval_run', run.id::text, run.content_hash) THEN
      PERFORM refuse('claim_decision_run_approved', 'the run is not approved, or has taken effect already');
    END IF;
    -- Adding nothing makes the value whole in memory: as stored it would be unpacked once for each claim.
    members := run.claim_ids + '{}'::int8multirange;
    IF EXISTS (SELECT FROM decided d WHERE d.approval_run_id = run.id
               AND (NOT d.claim_id <@ members OR d.decision NOT IN ('approve', 'reject') OR d.decided_by <> run.made_by)) THEN
      PERFORM refuse('claim_decision_member_of_run', 'the claim is not among those that were proposed, or not by this person');
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER claim_decision_guard_insert AFTER INSERT ON claim_decision
  REFERENCING NEW TABLE AS decided FOR EACH STATEMENT EXECUTE FUNCTION guard_claim_decision_insert();

CREATE FUNCTION guard_approval_run_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'proposed' THEN
    PERFORM refuse('approval_run_closed', format('run %s is already %s', OLD.id, OLD.status));
  END IF;
  IF NEW.status = 'effective' AND NOT is_approved('approval_run', OLD.id::text, OLD.content_hash) THEN
    PERFORM refuse('approval_run_needs_approval', 'no checker has approved this run');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_run_guard_update BEFORE UPDATE ON approval_run
  FOR EACH ROW EXECUTE FUNCTION guard_approval_run_update();

CREATE FUNCTION guard_claim_hold() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  actor uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.placed_by ELSE NEW.released_by END;
  held claim%ROWTYPE;
  held_customer_no text;
BEGIN
  -- That a run or a batch has met the hold is noted for many holds at once and changes nothing else.
  IF TG_OP = 'UPDATE' AND NEW.status = OLD.status AND OLD.met_at IS NULL THEN
    RETURN NEW;
  END IF;
  -- Placing a hold waits for whoever is about to credit the claim, and the other way round.
  SELECT * INTO held FROM claim WHERE id = NEW.claim_id FOR NO KEY UPDATE;
  IF held.status = 'credited' AND (TG_OP = 'INSERT' OR NEW.status = 'active') THEN
    PERFORM refuse('claim_hold_before_credit', 'the claim is credited: there is nothing left to hold');
  END IF;
  -- Key by key, because a join could be planned over all holders.
  SELECT customer_no INTO held_customer_no FROM holder WHERE id = held.holder_id;
  IF actor IS NOT NULL AND EXISTS (SELECT FROM staff_interest WHERE staff_id = actor AND customer_no = held_customer_no) THEN
    PERFORM refuse('claim_hold_not_about_own_money', 'this is the claim of the person who acts, or of a relative');
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.placed_at := now();
    IF NEW.status <> (CASE NEW.visibility WHEN 'open' THEN 'active' ELSE 'proposed' END)::hold_status OR NEW.met_at IS NOT NULL THEN
      PERFORM refuse('claim_hold_begins', 'an open hold begins active, a confidential one proposed');
    END IF;
    IF NEW.placed_by IS NULL AND (NEW.visibility <> 'open' OR NEW.reason_code NOT IN ('no_wallet', 'contact_changed')) THEN
      PERFORM refuse('claim_hold_has_placer', 'only the lack of a wallet and a changed contact are noticed without a person');
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('proposed', 'active'), ('proposed', 'refused'), ('active', 'released')) THEN
    PERFORM refuse('claim_hold_state', format('a hold does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF NEW.status = 'active' AND NOT is_approved('hold_placement', OLD.id::text, OLD.content_hash) THEN
    PERFORM refuse('claim_hold_confidential_needs_two', 'no second person has agreed to this hold');
  END IF;
  IF NEW.status = 'released' AND OLD.visibility = 'confidential' AND NOT is_approved('hold_release', OLD.id::text, OLD.content_hash) THEN
    PERFORM refuse('claim_hold_confidential_needs_two', 'no second person has agreed to this release');
  END IF;
  -- What counts as verified is said where contact changes are.
  IF NEW.status = 'released' AND OLD.placed_by IS NULL AND OLD.reason_code = 'contact_changed' AND NOT contact_is_verified(held.holder_id) THEN
    PERFORM refuse('claim_hold_contact_unverified', 'two facts are to be verified anew first');
  END IF;
  IF NEW.status = 'released' AND OLD.visibility = 'open' AND NEW.released_by = OLD.placed_by
     AND (OLD.met_at IS NOT NULL OR OLD.placed_at < now() - interval '10 minutes') THEN
    PERFORM refuse('claim_hold_released_by_another', 'whoever placed it does not release it alone');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER claim_hold_guard BEFORE INSERT OR UPDATE ON claim_hold
  FOR EACH ROW EXECUTE FUNCTION guard_claim_hold();

-- claim.held follows the holds; the application itself cannot write it.
CREATE FUNCTION keep_claim_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE claim c SET held = h.held
  FROM (SELECT id, EXISTS (SELECT FROM claim_hold a WHERE a.claim_id = touched.id AND a.status = 'active') AS held
        FROM (SELECT DISTINCT claim_id AS id FROM changed) AS touched) AS h
  WHERE c.id = h.id AND c.held <> h.held;
  RETURN NULL;
END $$;
CREATE TRIGGER claim_hold_keep_held_insert AFTER INSERT ON claim_hold
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_claim_held();
CREATE TRIGGER claim_hold_keep_held_update AFTER UPDATE ON claim_hold
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_claim_held();

CREATE TRIGGER claim_never_removed BEFORE DELETE OR TRUNCATE ON claim FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER claim_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON claim_decision FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER claim_hold_never_removed BEFORE DELETE OR TRUNCATE ON claim_hold FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER approval_run_never_removed BEFORE DELETE OR TRUNCATE ON approval_run FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- A rate is replaced only while nobody has been paid at it.
CREATE FUNCTION guard_rate_supersede() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status = 'superseded' AND EXISTS (SELECT FROM claim WHERE rate_id = OLD.id) THEN
    PERFORM refuse('rate_superseded_before_claims', 'claims were opened at this rate: it stays');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rate_guard_supersede BEFORE UPDATE ON rate FOR EACH ROW EXECUTE FUNCTION guard_rate_supersede();

GRANT SELECT ON claim, approval_run, claim_proposal, claim_decision, claim_hold TO henkin_app;
GRANT INSERT (claim_id, version, decision, reason_code, reason_text, made_by) ON claim_proposal TO henkin_app;
GRANT UPDATE (status) ON claim_proposal TO henkin_app;
GRANT INSERT (holder_id, frozen_balance_id, rate_id, parent_claim_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy) ON claim TO henkin_app;
GRANT UPDATE (status, version) ON claim TO henkin_app;
GRANT INSERT (filter, claim_ids, claim_count, total_jpy, below_one_yen_count, content_hash, names_customers, made_by) ON approval_run TO henkin_app;
GRANT UPDATE (status) ON approval_run TO henkin_app;
GRANT INSERT (claim_id, version, decision, reason_code, reason_text, decided_by, approval_run_id, approval_request_id) ON claim_decision TO henkin_app;
GRANT INSERT (claim_id, visibility, status, reason_code, reason_text, authority, case_number, content_hash, placed_by) ON claim_hold TO henkin_app;
GRANT UPDATE (status, met_at, released_by, released_at, release_reason) ON claim_hold TO henkin_app;
