import type { Tx } from '../../platform/database/database.js';

export interface LeafChunk {
  readonly level: number;
  readonly seq: number;
  readonly nodes: Uint8Array;
}

/** The piece of a tree in which a leaf of this hash stands if it is there; null before the first one. Locks nothing. */
export async function findLeafChunk(tx: Tx, treeId: string, hash: Uint8Array): Promise<LeafChunk | null> {
  const [row] = await tx.$queryRaw<LeafChunk[]>`
    SELECT level, seq, nodes FROM proof_chunk
    WHERE tree_id = ${treeId}::uuid AND level = 0 AND first_hash <= ${hash}
    ORDER BY first_hash DESC LIMIT 1`;
  return row ?? null;
}
