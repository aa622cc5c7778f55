-- The guards over decisions of many claims and the digest over them as before, in fewer steps for each row. What is refused, and
-- under which name, is what it was.

-- The same words, up to forty letters: a regular expression that counts takes as long as all else that writes a decision.
ALTER TABLE claim_decision DROP CONSTRAINT claim_decision_reason_code_check,
  ADD CONSTRAINT claim_decision_reason_code_check CHECK (length(reason_code) <= 40 AND reason_code ~ '^[a-z_]+$');

-- One pass tells who decides and by what right, a second holds each decision against its claim. What only some decisions must have
-- is asked for only when there are such.
CREATE OR REPLACE FUNCTION guard_claim_decision_insert() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  run approval_run%ROWTYPE;
  members int8multirange;
  origins record;
  held_against_claims record;
BEGIN
  EXECUTE $q$
    SELECT sum(decisions) AS decisions, min(lowest) AS lowest, max(highest) AS highest, sum(of_requests) AS of_requests,
           array_agg(DISTINCT approval_run_id) FILTER (WHERE approval_run_id IS NOT NULL) AS run_ids,
           bool_and(EXISTS (SELECT FROM staff s WHERE s.id = decided_by)
                    AND (approval_run_id IS NULL OR EXISTS (SELECT FROM approval_run r WHERE r.id = approval_run_id))) AS known
    FROM (SELECT decided_by, approval_run_id, count(*) AS decisions, min(claim_id) AS lowest, max(claim_id) AS highest, count(approval_request_id) AS of_requests
          FROM decided GROUP BY decided_by, approval_run_id) AS origin$q$ INTO origins;
  -- Every decision is the one that brought its claim to where it is when the statement is done; its person and its run exist.
  -- Each literal has its type: a CASE of text would be read as a state anew for each row.
  EXECUTE $q$
    SELECT count(*) FILTER (WHERE c.version = d.version AND c.status =
             CASE d.decision WHEN 'approve' THEN 'approved'::claim_status WHEN 'reject' THEN 'rejected'::claim_status ELSE 'pending'::claim_status END) AS fitting,
           count(*) FILTER (WHERE d.approval_run_id IS NULL AND d.approval_request_id IS NULL
             AND (d.decision = 'reopen' OR (d.decision IN ('approve', 'reject') AND c.amount_jpy > 1000000))) AS too_large_alone
    FROM decided d JOIN claim c ON c.id = d.claim_id AND c.id BETWEEN $1 AND $2$q$
  INTO held_against_claims USING origins.lowest, origins.highest;
  IF held_against_claims.fitting <> origins.decisions OR NOT origins.known THEN
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
  IF held_against_claims.too_large_alone > 0 THEN
    PERFORM refuse('claim_decision_needs_two_people', 'above 1,000,000 JPY, and to reopen, two people decide');
  END IF;
  IF origins.of_requests > 0 AND EXISTS (
             SELECT FROM decided d LEFT JOIN approval_request a ON a.id = d.approval_request_id
             LEFT JOIN claim_proposal p ON p.id::text = a.subject_id AND p.claim_id = d.claim_id AND p.version = d.version AND p.decision = d.decision
             WHERE d.approval_request_id IS NOT NULL
               AND (p.id IS NULL OR a.status <> 'approved' OR a.maker_id <> d.decided_by
                    OR a.subject_type <> CASE WHEN d.decision = 'reopen' THEN 'claim_reopening' ELSE 'claim_decision' END)) THEN
    PERFORM refuse('claim_decision_request_approved', 'no approved request for this decision on this claim');
  END IF;
  FOR run IN SELECT r.* FROM approval_run r WHERE r.id = ANY (origins.run_ids) LOOP
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

CREATE FUNCTION decision_text_after_claim(d claim_decision) RETURNS text
LANGUAGE sql STABLE
RETURN format('", "%s", "%s", %s, %s, "%s", %s, %s, "%s"]', d.version, d.decision, to_json(d.reason_code), coalesce(to_json(d.reason_text)::text, 'null'),
  d.decided_by, coalesce('"' || d.approval_run_id || '"', 'null'), coalesce('"' || d.approval_request_id || '"', 'null'), epoch_microseconds(d.decided_at));

-- The digest over the same text as before: a JSON array of strings and nulls for each row. A claim has one decision at most in
-- a statement, so its number and the instant tell which. All but the claim is alike in most rows: as in the first one, it is put
-- into words once, and anew for each row that differs.
CREATE OR REPLACE FUNCTION note_claim_decisions_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  one claim_decision%ROWTYPE;
BEGIN
  SELECT * INTO one FROM written LIMIT 1;
  EXECUTE $sql$
    WITH noted AS (
      SELECT min(claim_id) AS first, max(claim_id) AS last, count(*) AS rows,
             string_agg('["' || claim_id || CASE
               WHEN version = $1 AND decision = $2 AND reason_code = $3 AND reason_text IS NOT DISTINCT FROM $4 AND decided_by = $5
                    AND approval_run_id IS NOT DISTINCT FROM $6 AND approval_request_id IS NOT DISTINCT FROM $7 AND decided_at = $8 THEN $9
               ELSE decision_text_after_claim(written) END, E'\n' ORDER BY claim_id) AS lines
      FROM written
    )
    INSERT INTO audit_rows (table_name, row_ids, row_count, rows_digest, only_row)
    SELECT 'claim_decision',
           CASE last - first + 1 WHEN rows THEN int8multirange(int8range(first, last, '[]')) ELSE (SELECT range_agg(int8range(claim_id, claim_id, '[]')) FROM written) END,
           rows, rows_digest('claim_decision', lines), CASE rows WHEN 1 THEN lines END
    FROM noted WHERE rows > 0 $sql$
  USING one.version, one.decision, one.reason_code, one.reason_text, one.decided_by, one.approval_run_id, one.approval_request_id, one.decided_at,
        decision_text_after_claim(one);
  RETURN NULL;
END $$;
