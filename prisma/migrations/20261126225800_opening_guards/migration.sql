-- The guards over opening wallets and claims for many holders as before, in fewer steps for each row.

-- A wallet belongs to a holder that is there: proven for all wallets of a statement at once, and holders are never removed.
-- Row by row it would also lock each holder and write that down.
ALTER TABLE ledger_account ALTER CONSTRAINT ledger_account_holder NOT ENFORCED;

CREATE FUNCTION guard_ledger_account_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  lowest bigint;
  highest bigint;
  all_right boolean;
BEGIN
  SELECT min(holder_id), max(holder_id) INTO lowest, highest FROM opened;
  EXECUTE 'SELECT (SELECT count(holder_id) FROM opened) = count(*) FROM opened o JOIN holder h ON h.id = o.holder_id AND h.id BETWEEN $1 AND $2'
  INTO all_right USING lowest, highest;
  IF NOT all_right THEN
    PERFORM refuse('ledger_account_holder', 'a wallet belongs to a holder that is there');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_account_guard_insert AFTER INSERT ON ledger_account
  REFERENCING NEW TABLE AS opened FOR EACH STATEMENT EXECUTE FUNCTION guard_ledger_account_insert();

-- What an account is and whose never changes; the reference held on to that from the holder's end.
CREATE TRIGGER ledger_account_never_another BEFORE UPDATE OF id, kind, holder_id ON ledger_account
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

-- The claim that a further one follows is looked up by the guard below, and claims are never removed.
ALTER TABLE claim ALTER CONSTRAINT claim_parent_claim_id_fkey NOT ENFORCED;

CREATE OR REPLACE FUNCTION guard_claim_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  effective rate%ROWTYPE;
  span record;
  all_right boolean;
BEGIN
  -- A rate is not superseded while claims are opened at it.
  SELECT * INTO effective FROM rate WHERE status = 'effective' FOR SHARE;
  SELECT count(*) AS claims, min(frozen_balance_id) AS first_balance, max(frozen_balance_id) AS last_balance, min(wallet_account_id) AS first_wallet, max(wallet_account_id) AS last_wallet
  INTO span FROM added;
  -- What makes a claim right is counted, not joined on: each further equality in a join lets the planner expect fewer rows.
  EXECUTE $q$
    SELECT count(*) FILTER (WHERE
             c.status = 'pending' AND c.version = 0 AND NOT c.held
             AND b.holder_id = c.holder_id AND b.quantity_xem = c.quantity_xem AND b.excluded_reason IS NULL
             AND b.snapshot_id IN (SELECT id FROM snapshot WHERE status = 'sealed')
             AND c.rate_id = $5 AND c.price_jpy_per_xem = $6 AND c.rounding_rule = $7
             AND w.holder_id = c.holder_id
             AND (c.parent_claim_id IS NULL OR (SELECT p.id FROM claim p WHERE p.id = c.parent_claim_id) IS NOT NULL)) = $8
    FROM added c
    JOIN frozen_balance b ON b.id = c.frozen_balance_id AND b.id BETWEEN $1 AND $2
    JOIN ledger_account w ON w.id = c.wallet_account_id AND w.id BETWEEN $3 AND $4$q$
  INTO all_right USING span.first_balance, span.last_balance, span.first_wallet, span.last_wallet,
    effective.id, effective.price_jpy_per_xem, effective.rounding_rule, span.claims;
  IF NOT all_right THEN
    PERFORM refuse('claim_opens_from_sealed_balance', 'a claim opens pending, from a sealed payable balance at the effective rate, into the holder’s wallet');
  END IF;
  RETURN NULL;
END $$;

-- Whether a contact is verified is asked only for holders whose contact changed, not for all of whom claims are opened.
CREATE OR REPLACE FUNCTION hold_claim_of_changed_contact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE $q$
    WITH changed AS MATERIALIZED (SELECT id, holder_id FROM added WHERE holder_id IN (SELECT holder_id FROM contact_change))
    INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
    SELECT id, 'open', 'active', 'contact_changed', 'Mail address, phone or sign-in changed: two facts are to be verified anew.',
           encode(sha256(convert_to('contact_changed:' || id, 'UTF8')), 'hex')
    FROM changed WHERE NOT contact_is_verified(holder_id) ORDER BY id$q$;
  RETURN NULL;
END $$;
