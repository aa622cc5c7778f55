import type { Tx } from '../../platform/database/database.js';

/**
 * Holds the claims of closed accounts, which have no wallet to credit. Each claim is held for this reason once,
 * so a hold that was released by a person is not placed again. Few accounts are closed, so each looks for its own claim: freshly
 * opened, the table is taken for one with hardly any pending claims, and all of it would be read. Answers how many were placed.
 */
export async function holdClosedAccounts(tx: Tx): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
    SELECT c.id, 'open', 'active', 'no_wallet', 'The account is closed: there is no wallet to credit.',
           encode(sha256(convert_to('no_wallet:' || c.id, 'UTF8')), 'hex')
    FROM holder h CROSS JOIN LATERAL (SELECT id FROM claim WHERE holder_id = h.id AND status = 'pending' OFFSET 0) AS c
    WHERE h.account_status = 'closed'
      AND NOT EXISTS (SELECT FROM claim_hold x WHERE x.claim_id = c.id AND x.reason_code = 'no_wallet')
    ORDER BY c.id`;
}
