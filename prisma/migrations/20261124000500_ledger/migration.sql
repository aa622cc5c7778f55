-- The subsidiary ledger (補助簿) of the programme, in whole yen.
--
-- What these tables guarantee, whatever the application does:
--   * a transfer is one row with a debit and a credit account: balanced by construction, and written once;
--   * balances are posted from the transfers by the database itself, so a balance cannot differ from its transfers;
--   * money moves only own funds → fund → approved, uncredited → wallet, and back from approved to the fund;
--   * no account but own funds goes below zero: nothing is approved or credited that is not there;
--   * a funding is posted once, in the amount and on the value date that two people agreed to, and is
--     effective exactly when it is posted; the same bank reference never counts twice;
--   * a claim is credited once, for ever.

-- own_funds            contra account: what the company contributed, never above zero
-- compensation_fund    cash in the customers' segregated account that is assigned to nobody yet
-- approved_uncredited  assigned to approved claims
-- customer_wallet      one for each holder
CREATE TYPE account_kind AS ENUM ('own_funds', 'compensation_fund', 'approved_uncredited', 'customer_wallet');

-- Each kind leads from one kind of account to one other; its reference is an id of the room that asked for it:
-- funding              own_funds → compensation_fund, the funding
-- approval             compensation_fund → approved_uncredited, the approval run or the claim
-- approval_withdrawal  approved_uncredited → compensation_fund, the claim
-- credit               approved_uncredited → customer_wallet, the claim
CREATE TYPE transfer_kind AS ENUM ('funding', 'approval', 'approval_withdrawal', 'credit');

CREATE TABLE ledger_account (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        account_kind NOT NULL,
  holder_id   bigint CONSTRAINT ledger_account_one_wallet_per_holder UNIQUE,
  -- Credits minus debits.
  balance_jpy bigint NOT NULL DEFAULT 0,
  CONSTRAINT ledger_account_wallets_have_holders CHECK ((kind = 'customer_wallet') = (holder_id IS NOT NULL)),
  CONSTRAINT ledger_account_never_below_zero CHECK (CASE kind WHEN 'own_funds' THEN balance_jpy <= 0 ELSE balance_jpy >= 0 END)
-- A batch credits all wallets of a page at once: with half of the page free none of these updates touches an index.
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX ledger_account_one_of_each_programme_kind ON ledger_account (kind) WHERE holder_id IS NULL;
INSERT INTO ledger_account (kind) VALUES ('own_funds'), ('compensation_fund'), ('approved_uncredited');

CREATE TABLE ledger_transfer (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind              transfer_kind NOT NULL,
  -- Not enforced row by row: posting finds both accounts for all transfers of a statement at once, or refuses it, and
  -- accounts are never removed.
  debit_account_id  bigint NOT NULL REFERENCES ledger_account (id) NOT ENFORCED,
  credit_account_id bigint NOT NULL REFERENCES ledger_account (id) NOT ENFORCED,
  amount_jpy        bigint NOT NULL CONSTRAINT ledger_transfer_amount_positive CHECK (amount_jpy > 0),
  reference_id      bigint NOT NULL,
  posting_date      date NOT NULL,
  label             text NOT NULL CONSTRAINT ledger_transfer_label_length CHECK (length(label) BETWEEN 1 AND 100),
  created_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ledger_transfer_between_two_accounts CHECK (debit_account_id <> credit_account_id)
);
CREATE UNIQUE INDEX ledger_transfer_one_credit_per_claim ON ledger_transfer (reference_id) WHERE kind = 'credit';
CREATE UNIQUE INDEX ledger_transfer_one_per_funding ON ledger_transfer (reference_id) WHERE kind = 'funding';
-- What each wallet received, for comparing its balance with it. A batch fills it in the order of wallets, page by page.
CREATE INDEX ledger_transfer_by_wallet ON ledger_transfer (credit_account_id) WHERE kind = 'credit';
-- The few transfers between programme accounts are found without reading hundreds of thousands of credits.
CREATE INDEX ledger_transfer_of_programme ON ledger_transfer (kind, reference_id) WHERE kind <> 'credit';

-- proposed   effective (approved and posted), refused (a checker said no), lapsed (nobody decided in time, or it was voided)
-- lapsed     proposed (its maker asks again)
-- effective, refused   never left
CREATE TYPE funding_status AS ENUM ('proposed', 'effective', 'refused', 'lapsed');

-- Cash that has moved from own funds into the customers' segregated account, and the paper that proves it.
CREATE TABLE ledger_funding (
  id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  amount_jpy         bigint NOT NULL CONSTRAINT ledger_funding_amount_range CHECK (amount_jpy BETWEEN 1 AND 999999999999999),
  bank_reference     text NOT NULL CONSTRAINT ledger_funding_bank_reference_text CHECK (bank_reference ~ '^\S(.{0,62}\S)?$'),
  value_date         date NOT NULL,
  segregated_account text NOT NULL CONSTRAINT ledger_funding_segregated_account_text CHECK (segregated_account ~ '^\S(.{0,98}\S)?$'),
  status             funding_status NOT NULL DEFAULT 'proposed',
  -- Opaque here; the approval request of the same transaction names the same person as its maker.
  made_by            uuid NOT NULL,
  created_at         timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ledger_funding_cash_has_moved CHECK (value_date <= (timezone('Asia/Tokyo', created_at))::date)
);
-- Letter case and full-width forms do not make another payment of it.
CREATE UNIQUE INDEX ledger_funding_bank_reference_once ON ledger_funding (upper(normalize(bank_reference, NFKC)))
  WHERE status IN ('proposed', 'effective');

-- What a checker agrees to; nothing in it can be changed after it was written.
CREATE FUNCTION funding_content_hash(funding ledger_funding) RETURNS text
LANGUAGE sql STABLE
RETURN encode(sha256(convert_to(jsonb_build_array(
  funding.id, funding.amount_jpy, funding.bank_reference, funding.value_date, funding.segregated_account)::text, 'UTF8')), 'hex');

CREATE FUNCTION guard_ledger_funding_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'status' <> to_jsonb(OLD) - 'status' THEN
    PERFORM refuse('ledger_funding_never_rewritten', 'what was proposed cannot be changed: propose anew');
  END IF;
  IF (OLD.status, NEW.status) NOT IN (('proposed', 'effective'), ('proposed', 'refused'), ('proposed', 'lapsed'), ('lapsed', 'proposed')) THEN
    PERFORM refuse('ledger_funding_state', format('a funding does not go from %s to %s', OLD.status, NEW.status));
  END IF;
  IF NEW.status = 'effective' AND NOT is_approved('funding', NEW.id::text, funding_content_hash(NEW)) THEN
    PERFORM refuse('ledger_funding_needs_approval', 'no checker has approved this funding');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_funding_guard_update BEFORE UPDATE ON ledger_funding
  FOR EACH ROW EXECUTE FUNCTION guard_ledger_funding_update();

CREATE FUNCTION guard_ledger_funding_posted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ledger_transfer WHERE kind = 'funding' AND reference_id = NEW.id) THEN
    PERFORM refuse('ledger_funding_effective_is_posted', 'a funding becomes effective in the statement that posts it');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_funding_guard_posted AFTER UPDATE ON ledger_funding
  FOR EACH ROW WHEN (NEW.status = 'effective') EXECUTE FUNCTION guard_ledger_funding_posted();

CREATE FUNCTION guard_funding_transfers() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM posted WHERE kind = 'funding' AND NOT EXISTS (
      SELECT FROM ledger_funding f
      WHERE f.id = posted.reference_id AND f.status = 'effective'
        AND f.amount_jpy = posted.amount_jpy AND f.value_date = posted.posting_date)) THEN
    PERFORM refuse('ledger_transfer_funding_approved', 'there is no approved funding of this amount and value date');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_transfer_guard_funding AFTER INSERT ON ledger_transfer
  REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION guard_funding_transfers();

-- Posts the balances of all transfers of a statement at once, and refuses the statement if an account is not there or is not
-- of the kind to which its transfer leads. Runs as the owner, because the application may not touch a balance.
--
-- Programme accounts are locked first, in the order of their ids. Whatever reaches a wallet comes from
-- approved_uncredited, so who holds that row is alone with the wallets: no two postings wait for each other in a circle.
--
-- EXECUTE plans each statement anew. A plan kept from the first funding, when there were three accounts, would
-- read all wallets once for each transfer of a batch.
CREATE FUNCTION post_ledger_transfers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  astray bigint;
BEGIN
  EXECUTE 'SELECT FROM ledger_account
           WHERE holder_id IS NULL AND id IN (SELECT debit_account_id FROM posted UNION SELECT credit_account_id FROM posted)
           ORDER BY id FOR NO KEY UPDATE';
  EXECUTE $sql$
    WITH moved AS (
      SELECT side.account_id, side.account_kind, sum(side.delta)::bigint AS delta
      FROM posted
      LEFT JOIN (VALUES ('funding', 'own_funds', 'compensation_fund'),
                        ('approval', 'compensation_fund', 'approved_uncredited'),
                        ('approval_withdrawal', 'approved_uncredited', 'compensation_fund'),
                        ('credit', 'approved_uncredited', 'customer_wallet')) AS leads (kind, from_kind, to_kind)
        ON leads.kind::transfer_kind = posted.kind
      CROSS JOIN LATERAL (VALUES (debit_account_id, from_kind::account_kind, -amount_jpy),
                                 (credit_account_id, to_kind::account_kind, amount_jpy)) AS side (account_id, account_kind, delta)
      GROUP BY side.account_id, side.account_kind
    ), balanced AS (
      UPDATE ledger_account a SET balance_jpy = a.balance_jpy + moved.delta
      FROM moved WHERE a.id = moved.account_id AND a.kind = moved.account_kind
      RETURNING a.id
    )
    SELECT (SELECT count(*) FROM moved) - (SELECT count(*) FROM balanced) $sql$ INTO astray;
  IF astray <> 0 THEN
    PERFORM refuse('ledger_transfer_direction', 'a transfer names an account that is not there, or not of the kind to which it leads');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_transfer_post AFTER INSERT ON ledger_transfer
  REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION post_ledger_transfers();

-- Lets the application look at the programme accounts with nobody moving them until its transaction ends, so that it can say
-- how much is missing instead of running into the CHECK. It has no UPDATE on accounts, and a lock needs that.
CREATE FUNCTION lock_programme_accounts() RETURNS TABLE (kind account_kind, balance_jpy bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.kind, a.balance_jpy FROM ledger_account a WHERE a.holder_id IS NULL ORDER BY a.id FOR NO KEY UPDATE
$$;
REVOKE EXECUTE ON FUNCTION lock_programme_accounts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_programme_accounts TO henkin_app;

CREATE TRIGGER ledger_transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER ledger_account_never_removed BEFORE DELETE OR TRUNCATE ON ledger_account
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
CREATE TRIGGER ledger_funding_never_removed BEFORE DELETE OR TRUNCATE ON ledger_funding
  FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();

GRANT SELECT ON ledger_account, ledger_transfer, ledger_funding TO henkin_app;
GRANT INSERT (kind, holder_id) ON ledger_account TO henkin_app;
GRANT INSERT (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label) ON ledger_transfer TO henkin_app;
GRANT INSERT (amount_jpy, bank_reference, value_date, segregated_account, made_by) ON ledger_funding TO henkin_app;
GRANT UPDATE (status) ON ledger_funding TO henkin_app;
