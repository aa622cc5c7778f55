-- The guards over many transfers, decisions and claims as before, in fewer steps for each row. What each of them refuses, and
-- under which name, is what it was.

-- The kind of account from which a transfer of this kind leads, and to which. Each literal has its type, or else these would not
-- be put into the statements that ask them.
CREATE FUNCTION transfer_leads_from(kind transfer_kind) RETURNS account_kind
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE kind WHEN 'funding' THEN 'own_funds'::account_kind WHEN 'approval' THEN 'compensation_fund'::account_kind
                 WHEN 'approval_withdrawal' THEN 'approved_uncredited'::account_kind WHEN 'credit' THEN 'approved_uncredited'::account_kind END;

CREATE FUNCTION transfer_leads_to(kind transfer_kind) RETURNS account_kind
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE kind WHEN 'funding' THEN 'compensation_fund'::account_kind WHEN 'approval' THEN 'approved_uncredited'::account_kind
                 WHEN 'approval_withdrawal' THEN 'compensation_fund'::account_kind WHEN 'credit' THEN 'customer_wallet'::account_kind END;

-- Posts the balances of all transfers of a statement at once, and refuses the statement if an account is not there or is not
-- of the kind to which its transfer leads. Runs as the owner, because the application may not touch a balance.
--
-- Programme accounts are locked first, in the order of their ids. Whatever reaches a wallet comes from
-- approved_uncredited, so who holds that row is alone with the wallets: no two postings wait for each other in a circle.
-- Receiving accounts come before giving ones: what a statement brings to an account may go on from there in the same statement.
-- No wallet gives.
--
-- EXECUTE plans each statement anew. A plan kept from the first funding, when there were three accounts, would
-- read all wallets once for each transfer of a batch.
CREATE OR REPLACE FUNCTION post_ledger_transfers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  transfers bigint;
  lowest bigint;
  highest bigint;
  received bigint;
  given bigint;
BEGIN
  EXECUTE 'WITH moved AS (SELECT DISTINCT kind FROM posted)
           SELECT FROM ledger_account
           WHERE holder_id IS NULL
             AND kind IN (SELECT transfer_leads_from(moved.kind) FROM moved UNION SELECT transfer_leads_to(moved.kind) FROM moved)
           ORDER BY id FOR NO KEY UPDATE';
  SELECT count(*), min(credit_account_id), max(credit_account_id) INTO transfers, lowest, highest FROM posted;
  EXECUTE $sql$
    WITH balanced AS (
      UPDATE ledger_account a SET balance_jpy = a.balance_jpy + moved.jpy
      FROM (SELECT credit_account_id AS id, transfer_leads_to(kind) AS kind, sum(amount_jpy)::bigint AS jpy, count(*) AS transfers
            FROM posted GROUP BY 1, 2) AS moved
      WHERE a.id = moved.id AND a.kind = moved.kind AND a.id BETWEEN $1 AND $2
      RETURNING moved.transfers)
    SELECT coalesce(sum(transfers), 0) FROM balanced $sql$ INTO received USING lowest, highest;
  EXECUTE $sql$
    WITH balanced AS (
      UPDATE ledger_account a SET balance_jpy = a.balance_jpy - moved.jpy
      FROM (SELECT debit_account_id AS id, transfer_leads_from(kind) AS kind, sum(amount_jpy)::bigint AS jpy, count(*) AS transfers
            FROM posted GROUP BY 1, 2) AS moved
      WHERE a.id = moved.id AND a.kind = moved.kind AND a.holder_id IS NULL
      RETURNING moved.transfers)
    SELECT coalesce(sum(transfers), 0) FROM balanced $sql$ INTO given;
  IF received <> transfers OR given <> transfers THEN
    PERFORM refuse('ledger_transfer_direction', 'a transfer names an account that is not there, or not of the kind to which it leads');
  END IF;
  RETURN NULL;
END $$;

-- The digest of what was written, over the same text as before: a JSON array of strings and nulls for each row. What is alike
-- in all rows of a statement, such as kind, day and label, is put into words once and not once for each row.
CREATE OR REPLACE FUNCTION note_transfers_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE $sql$
    WITH alike AS MATERIALIZED (
      SELECT kind, debit_account_id, posting_date, label, created_at,
             format('", "%s", "%s", "', kind, debit_account_id) AS middle,
             format('", "%s", %s, "%s"]', to_char(posting_date, 'YYYY-MM-DD'), to_json(label), epoch_microseconds(created_at)) AS tail
      FROM (SELECT DISTINCT kind, debit_account_id, posting_date, label, created_at FROM written) AS kinds
    ), noted AS (
      SELECT min(w.id) AS first, max(w.id) AS last, count(*) AS rows,
             string_agg('["' || w.id || a.middle || w.credit_account_id || '", "' || w.amount_jpy || '", "' || w.reference_id || a.tail, E'\n' ORDER BY w.id) AS lines
      FROM written w JOIN alike a USING (kind, debit_account_id, posting_date, label, created_at)
    )
    INSERT INTO audit_rows (table_name, row_ids, row_count, rows_digest, only_row)
    SELECT 'ledger_transfer',
           CASE last - first + 1 WHEN rows THEN int8multirange(int8range(first, last, '[]')) ELSE (SELECT range_agg(int8range(id, id, '[]')) FROM written) END,
           rows, rows_digest('ledger_transfer', lines), CASE rows WHEN 1 THEN lines END
    FROM noted WHERE rows > 0 $sql$;
  RETURN NULL;
END $$;

-- Credits: each belongs to a live item of a batch that executes, as approved, in its time, with the item's amount and
-- wallet and the batch's posting date and label; and its claim is credited when the statement is done. The batch row is
-- locked, so a pause waits for the statement's transaction or the credit is refused. Posts the counters.
--
-- Claims and items are asked for in the range of claims that the credits name, so that they can be read in one walk.
CREATE OR REPLACE FUNCTION post_credit_batch_credits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  unmatched bigint;
  lowest bigint;
  highest bigint;
  part record;
BEGIN
  SELECT count(*), min(reference_id), max(reference_id) INTO unmatched, lowest, highest FROM credits WHERE kind = 'credit';
  IF unmatched = 0 THEN
    RETURN NULL;
  END IF;
  -- Of the room at the right end: the kill switch and the sign of life of the watch.
  PERFORM assert_crediting_goes_on();
  FOR part IN EXECUTE $sql$
    SELECT i.batch_id, t.posting_date, t.label, sum(t.amount_jpy)::bigint AS total,
           count(*) FILTER (WHERE i.amount_jpy = t.amount_jpy AND i.wallet_account_id = t.credit_account_id AND c.status = 'credited') AS items
    FROM credits t
    JOIN credit_batch_item i ON i.claim_id = t.reference_id AND i.skip_reason IS NULL AND i.claim_id BETWEEN $1 AND $2
    JOIN claim c ON c.id = t.reference_id AND c.id BETWEEN $1 AND $2
    WHERE t.kind NOT IN ('funding', 'approval', 'approval_withdrawal')
    GROUP BY i.batch_id, t.posting_date, t.label ORDER BY i.batch_id $sql$ USING lowest, highest
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

-- Runs when the whole statement is done, so decisions and transfers written by the same statement are there to be seen. What a
-- change must have beside it is asked for only when there is such a change, in the range of the claims that changed.
CREATE OR REPLACE FUNCTION guard_claim_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  violated text;
  decided int8range;
  credited int8range;
BEGIN
  EXECUTE $q$
    SELECT min(CASE
             WHEN o.status = 'credited' OR n.version <> o.version + (n.status <> o.status)::integer
               OR (n.status <> o.status AND (o.status, n.status) NOT IN
                   (('pending', 'approved'), ('pending', 'rejected'), ('approved', 'credited'), ('approved', 'pending'), ('rejected', 'pending')))
               THEN 'claim_state'
             WHEN n.held AND n.status <> o.status AND n.status IN ('approved', 'credited') THEN 'claim_held'
           END),
           int8range(min(n.id) FILTER (WHERE n.status <> o.status AND n.status <> 'credited'), max(n.id) FILTER (WHERE n.status <> o.status AND n.status <> 'credited'), '[]'),
           int8range(min(n.id) FILTER (WHERE n.status = 'credited'), max(n.id) FILTER (WHERE n.status = 'credited'), '[]')
    FROM old_claim o JOIN new_claim n ON n.id = o.id$q$ INTO violated, decided, credited;
  IF violated IS NULL AND lower(decided) IS NOT NULL THEN
    EXECUTE $q$
      SELECT min(CASE
        WHEN d.decision IS DISTINCT FROM
             (CASE WHEN n.status = 'approved' THEN 'approve' WHEN n.status = 'rejected' THEN 'reject' WHEN o.status = 'approved' THEN 'withdraw' ELSE 'reopen' END)::claim_verdict
          THEN 'claim_change_has_decision'
        -- The table of the next room: what is reserved for paying out is not taken back under it.
        WHEN o.status = 'approved' AND n.status = 'pending' AND EXISTS (SELECT FROM credit_batch_item i WHERE i.claim_id = n.id AND i.skip_reason IS NULL)
          THEN 'claim_in_live_batch'
      END)
      FROM old_claim o JOIN new_claim n ON n.id = o.id
      LEFT JOIN claim_decision d ON d.claim_id = n.id AND d.version = n.version AND d.claim_id BETWEEN $1 AND $2
      WHERE n.status <> o.status AND n.status <> 'credited'$q$ INTO violated USING lower(decided), upper(decided);
  END IF;
  IF violated IS NULL AND lower(credited) IS NOT NULL THEN
    EXECUTE $q$
      SELECT CASE WHEN count(*) > count(*) FILTER (WHERE t.amount_jpy = n.amount_jpy AND t.credit_account_id = n.wallet_account_id)
               THEN 'claim_credited_has_transfer' END
      FROM new_claim n
      LEFT JOIN ledger_transfer t ON t.kind = 'credit' AND t.reference_id = n.id AND t.reference_id BETWEEN $1 AND $2
      WHERE n.status NOT IN ('pending', 'approved', 'rejected')$q$ INTO violated USING lower(credited), upper(credited);
  END IF;
  IF violated IS NOT NULL THEN
    PERFORM refuse(violated, 'a claim does not change like this');
  END IF;
  RETURN NULL;
END $$;
