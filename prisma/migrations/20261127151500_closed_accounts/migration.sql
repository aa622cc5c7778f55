-- Claims of closed accounts are found and marked as held by themselves: a handful of rows, for which all holders and all claims
-- were read before. What is guarded is what it was.

CREATE INDEX holder_closed_account ON holder (id) WHERE account_status = 'closed';

-- claim.held follows the holds, as before. The claims of the changed holds are named, so that they are looked up one by one
-- even in a table so new that nothing is known of its size.
CREATE OR REPLACE FUNCTION keep_claim_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE claim c SET held = NOT c.held
  WHERE c.id = ANY (ARRAY(SELECT claim_id FROM changed))
    AND c.held <> EXISTS (SELECT FROM claim_hold a WHERE a.claim_id = c.id AND a.status = 'active');
  RETURN NULL;
END $$;
