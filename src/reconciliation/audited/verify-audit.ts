import type pg from 'pg';
import { Mismatch } from '../../audit/chain/mismatch.js';
import { ReadOnlyCopy } from '../../audit/chain/read-only-copy.js';
import { verifyRows } from '../../audit/chain/verify-rows.js';
import { walkChain, type Head, type WalkedChain } from '../../audit/chain/walk-chain.js';
import { verifyDigestedActions } from './digested-actions.js';
import { WRITTEN_TABLES } from './written-tables.js';

export interface AuditVerdict {
  /** As far as the chain was walked. */
  readonly head: Head | null;
  readonly chainId: string | null;
  /** Rows of transfers, decisions and sealed balances whose digests were computed again. */
  readonly rows: bigint;
  /** The first thing that does not fit; null when everything does. */
  readonly finding: string | null;
}

/**
 * Verifies one instant of a database: the chain, then the rows it stands for. The caller has begun a transaction on
 * `client`; it is made read-only here.
 */
export async function verifyAudit(client: pg.ClientBase): Promise<AuditVerdict> {
  const copy = await ReadOnlyCopy.of(client);
  let head: Head | null = null;
  let walked: WalkedChain | null = null;
  let rows = 0n;
  try {
    walked = await walkChain(copy, (reached) => {
      head = reached;
    });
    rows = await verifyRows(copy, WRITTEN_TABLES);
    await verifyDigestedActions(copy);
    return { head, chainId: walked.chainId, rows, finding: null };
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    return { head, chainId: walked?.chainId ?? null, rows, finding: error.message };
  }
}
