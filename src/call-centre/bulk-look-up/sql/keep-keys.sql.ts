import type { Tx } from '../../../platform/database/database.js';
import type { LookUpKey } from '../look-up-keys.js';

/** Writes all keys of a look-up in the order of the file. Locks nothing. */
export async function keepKeys(tx: Tx, lookUpId: string, keys: readonly LookUpKey[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO bulk_look_up_key (bulk_look_up_id, seq, key, customer_no, claim_no, mistyped)
    SELECT ${lookUpId}::uuid, given.seq, given.key, given.customer_no, given.claim_no, given.mistyped
    FROM unnest(${keys.map(({ key }) => key)}::text[], ${keys.map(({ customerNo }) => customerNo)}::text[],
                ${keys.map(({ claimNo }) => claimNo)}::text[], ${keys.map(({ mistypedClaimNo }) => mistypedClaimNo)}::boolean[])
      WITH ORDINALITY AS given (key, customer_no, claim_no, mistyped, seq)`;
}
