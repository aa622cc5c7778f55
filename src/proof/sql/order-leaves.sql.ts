import type { Tx } from '../../platform/database/database.js';
import { CHUNK_NODES, NODE_BYTES } from '../merkle-sum.js';

/** Where the leaves of a tree wait until they are put in order: a table of this connection, gone with the transaction. */
export async function createLeaves(tx: Tx): Promise<void> {
  await tx.$executeRaw`CREATE TEMP TABLE proof_leaf (node bytea NOT NULL) ON COMMIT DROP`;
}

/** Many nodes at once, one after the other in `nodes`. */
export async function addLeaves(tx: Tx, nodes: Uint8Array): Promise<void> {
  await tx.$executeRaw`
    WITH given AS MATERIALIZED (SELECT ${nodes}::bytea AS nodes)
    INSERT INTO proof_leaf
    SELECT substr(nodes, 1 + nth * ${NODE_BYTES}::int, ${NODE_BYTES}::int)
    FROM given, generate_series(0, length(nodes) / ${NODE_BYTES}::int - 1) AS nth`;
}

/**
 * Stores all leaves in the order of their hashes, in pieces: as good as shuffled, since each is salted. A node begins with
 * its hash, so the order of nodes is that of hashes. The database sorts, on disk if it must. Locks nothing that is there.
 */
export async function storeLeaves(tx: Tx, treeId: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO proof_chunk (tree_id, level, seq, first_hash, nodes)
    SELECT ${treeId}::uuid, 0, seq, substr(nodes, 1, 32), nodes FROM (
      SELECT seq, string_agg(node, ''::bytea ORDER BY node) AS nodes
      FROM (SELECT node, ((row_number() OVER (ORDER BY node) - 1) / ${CHUNK_NODES}::int)::int AS seq FROM proof_leaf) AS numbered
      GROUP BY seq) AS pieces`;
}

/** The next stored pieces of the leaves after one, in their order. Locks nothing. */
export function readLeaves(tx: Tx, treeId: string, afterSeq: number, limit: number) {
  return tx.proofChunk.findMany({
    select: { seq: true, nodes: true },
    where: { treeId, level: 0, seq: { gt: afterSeq } },
    orderBy: { seq: 'asc' },
    take: limit,
  });
}
