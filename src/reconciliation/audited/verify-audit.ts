import type pg from 'pg';
import { Mismatch } from '../../audit/chain/mismatch.js';
import { ReadOnlyCopy } from '../../audit/chain/read-only-copy.js';
import { SignedHeads } from '../../audit/chain/signed-heads.js';
import { verifyRows } from '../../audit/chain/verify-rows.js';
import { walkChain, type Head, type WalkedChain } from '../../audit/chain/walk-chain.js';
import type { Anchor } from '../../audit/signing/statements.js';
import { verifyDigestedActions } from './digested-actions.js';
import { WRITTEN_TABLES } from './written-tables.js';

export interface AuditVerdict {
  /** As far as the chain was walked. */
  readonly head: Head | null;
  readonly chainId: string | null;
  /** Rows of transfers, decisions and sealed balances whose digests were computed again. */
  readonly rows: bigint;
  /** Heads whose signatures were verified. */
  readonly signedHeads: bigint;
  /** What is not wrong and yet has to be known. */
  readonly notes: readonly string[];
  /** The first thing that does not fit; null when everything does. */
  readonly finding: string | null;
}

/**
 * Verifies one instant of a database: the chain with its signed heads and, if there is one, the anchor that was kept
 * outside; then the rows it stands for. The caller has begun a transaction on `client`; it is made read-only here.
 */
export async function verifyAudit(client: pg.ClientBase, anchor: Anchor | null = null): Promise<AuditVerdict> {
  const copy = await ReadOnlyCopy.of(client);
  const known = await SignedHeads.of(copy, anchor);
  let head: Head | null = null;
  let walked: WalkedChain | null = null;
  let rows = 0n;
  let finding: string | null = null;
  try {
    walked = await walkChain(copy, async (reached) => {
      await known.reached(reached);
      head = reached;
    });
    known.ended(walked.head);
    rows = await verifyRows(copy, WRITTEN_TABLES);
    await verifyDigestedActions(copy);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    finding = error.message;
  }
  return { head, chainId: walked?.chainId ?? null, rows, signedHeads: known.signed, notes: known.notes, finding };
}
