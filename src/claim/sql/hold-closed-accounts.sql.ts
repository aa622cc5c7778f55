import type { Tx } from '../../platform/database/database.js';

/**
 * Holds the claims of closed accounts, which have no wallet to credit. Each claim is held for this reason once,
 * so a hold that was released by a person is not placed again. Answers how many were placed.
 */
export async function holdClosedAccounts(tx: Tx): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
    SELECT c.id, 'open', 'active', 'no_wallet', 'The account is closed: there is no wallet to credit.',
           encode(sha256(convert_to('no_wallet:' || c.id, 'UTF8')), 'hex')
    FROM claim c JOIN holder h ON h.id = c.holder_id
    WHERE h.account_status = 'closed' AND c.status = 'pending'
      AND NOT EXISTS (SELECT FROM claim_hold x WHERE x.claim_id = c.id AND x.reason_code = 'no_wallet')
    ORDER BY c.id`;
}
