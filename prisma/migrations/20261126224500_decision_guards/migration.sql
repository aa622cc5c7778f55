-- The guards over decisions of many claims as before, in fewer steps for each row. What each of them refuses, and under which
-- name, is what it was.

-- guard_claim_decision_insert proves for all rows of a statement that a request named by a decision is there and approved, and
-- requests are never removed: asking again row by row proves nothing more.
ALTER TABLE claim_decision ALTER CONSTRAINT claim_decision_approval_request_id_fkey NOT ENFORCED;

CREATE OR REPLACE FUNCTION guard_claim_decision_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  run approval_run%ROWTYPE;
  members int8multirange;
  lowest bigint;
  highest bigint;
  all_right boolean;
BEGIN
  SELECT min(claim_id), max(claim_id) INTO lowest, highest FROM decided;
  -- Every decision is the one that brought its claim to where it is when the statement is done; its person and its run exist.
  -- Each literal has its type: a CASE of text would be read as a state anew for each row.
  EXECUTE $q$
    SELECT (SELECT count(*) FROM decided) = (
      SELECT count(*) FILTER (WHERE c.version = d.version AND c.status =
               CASE d.decision WHEN 'approve' THEN 'approved'::claim_status WHEN 'reject' THEN 'rejected'::claim_status ELSE 'pending'::claim_status END)
      FROM decided d JOIN claim c ON c.id = d.claim_id AND c.id BETWEEN $1 AND $2)
      AND NOT EXISTS (
        SELECT FROM (SELECT DISTINCT decided_by, approval_run_id FROM decided) AS origin
        WHERE NOT EXISTS (SELECT FROM staff s WHERE s.id = decided_by)
           OR (approval_run_id IS NOT NULL AND NOT EXISTS (SELECT FROM approval_run r WHERE r.id = approval_run_id)))$q$
  INTO all_right USING lowest, highest;
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

-- Runs when the whole statement is done, so decisions and transfers written by the same statement are there to be seen. What a
-- change must have beside it is asked for only when there is such a change, in the range of the claims that changed.
--
-- A claim that stays approved or rejected has the decision of its version from before, so these need not be told apart from
-- those that have just become so.
CREATE OR REPLACE FUNCTION guard_claim_update() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  violated text;
  decided int8range;
  credited int8range;
  back_to_pending bigint;
BEGIN
  EXECUTE $q$
    SELECT min(CASE
             WHEN o.status = 'credited' OR n.version <> o.version + (n.status <> o.status)::integer
               OR (n.status <> o.status AND (o.status, n.status) NOT IN
                   (('pending', 'approved'), ('pending', 'rejected'), ('approved', 'credited'), ('approved', 'pending'), ('rejected', 'pending')))
               THEN 'claim_state'
             WHEN n.held AND n.status <> o.status AND n.status IN ('approved', 'credited') THEN 'claim_held'
           END),
           int8range(min(n.id) FILTER (WHERE n.status IN ('approved', 'rejected')), max(n.id) FILTER (WHERE n.status IN ('approved', 'rejected')), '[]'),
           int8range(min(n.id) FILTER (WHERE n.status = 'credited'), max(n.id) FILTER (WHERE n.status = 'credited'), '[]'),
           count(*) FILTER (WHERE n.status = 'pending' AND o.status <> 'pending')
    FROM old_claim o JOIN new_claim n ON n.id = o.id$q$ INTO violated, decided, credited, back_to_pending;
  IF violated IS NULL AND lower(decided) IS NOT NULL THEN
    EXECUTE $q$
      SELECT CASE WHEN count(*) > count(*) FILTER (WHERE d.decision =
                    CASE n.status WHEN 'approved' THEN 'approve'::claim_verdict WHEN 'rejected' THEN 'reject'::claim_verdict END)
               THEN 'claim_change_has_decision' END
      FROM new_claim n
      LEFT JOIN claim_decision d ON d.claim_id = n.id AND d.version = n.version AND d.claim_id BETWEEN $1 AND $2
      WHERE n.status NOT IN ('pending', 'credited')$q$ INTO violated USING lower(decided), upper(decided);
  END IF;
  IF violated IS NULL AND back_to_pending > 0 THEN
    EXECUTE $q$
      SELECT min(CASE
        WHEN (SELECT d.decision FROM claim_decision d WHERE d.claim_id = n.id AND d.version = n.version)
             IS DISTINCT FROM CASE o.status WHEN 'approved' THEN 'withdraw'::claim_verdict ELSE 'reopen'::claim_verdict END
          THEN 'claim_change_has_decision'
        -- The table of the next room: what is reserved for paying out is not taken back under it.
        WHEN o.status = 'approved' AND EXISTS (SELECT FROM credit_batch_item i WHERE i.claim_id = n.id AND i.skip_reason IS NULL)
          THEN 'claim_in_live_batch'
      END)
      FROM old_claim o JOIN new_claim n ON n.id = o.id
      WHERE n.status = 'pending' AND o.status <> 'pending'$q$ INTO violated;
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

-- The digest over the same text as before: a JSON array of strings and nulls for each row. A claim has one decision at most in
-- a statement, so its number and the instant tell which. All but the claim is alike in most rows, and is put into words once.
CREATE OR REPLACE FUNCTION note_claim_decisions_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE $sql$
    WITH alike AS MATERIALIZED (
      SELECT claim_ids, format('", "%s", "%s", %s, %s, "%s", %s, %s, "%s"]', version, decision, to_json(reason_code), coalesce(to_json(reason_text)::text, 'null'),
               decided_by, coalesce('"' || approval_run_id || '"', 'null'), coalesce('"' || approval_request_id || '"', 'null'), epoch_microseconds(decided_at)) AS tail
      FROM (SELECT array_agg(claim_id) AS claim_ids, version, decision, reason_code, reason_text, decided_by, approval_run_id, approval_request_id, decided_at
            FROM written GROUP BY version, decision, reason_code, reason_text, decided_by, approval_run_id, approval_request_id, decided_at) AS kinds
    ), noted AS (
      SELECT min(claim_id) AS first, max(claim_id) AS last, count(*) AS rows, string_agg('["' || claim_id || tail, E'\n' ORDER BY claim_id) AS lines
      FROM alike CROSS JOIN unnest(claim_ids) AS claim_id
    )
    INSERT INTO audit_rows (table_name, row_ids, row_count, rows_digest, only_row)
    SELECT 'claim_decision',
           CASE last - first + 1 WHEN rows THEN int8multirange(int8range(first, last, '[]')) ELSE (SELECT range_agg(int8range(claim_id, claim_id, '[]')) FROM written) END,
           rows, rows_digest('claim_decision', lines), CASE rows WHEN 1 THEN lines END
    FROM noted WHERE rows > 0 $sql$;
  RETURN NULL;
END $$;
