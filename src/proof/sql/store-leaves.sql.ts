import type { Tx } from '../../platform/database/database.js';
import { Prisma } from '../../platform/database/prisma.js';
import { CHUNK_NODES, hmacPads } from '../merkle-sum.js';

/** Eight bytes drawn for a customer as an unsigned number; PostgreSQL reads them with a sign. */
const unsigned = (drawn: string) => `(CASE WHEN ${drawn} < 0 THEN 18446744073709551616 ELSE 0 END + ${drawn})`;

/** 128 bits modulo an amount and one more: the part of it that goes into the first leaf. */
const firstOf = (amount: string, nth: number) =>
  Prisma.raw(
    `mod(${unsigned(`drawn[${2 * nth + 1}]`)} * 18446744073709551616 + ${unsigned(`drawn[${2 * nth + 2}]`)}, ${amount} + 1::numeric)::bigint`,
  );

/**
 * Stores both leaves of each customer, made as `splitLeaves` makes them, in the order of their hashes and in pieces: as good as
 * shuffled, since each is salted. A node begins with its hash, so the order of nodes is that of hashes. The database hashes and
 * sorts, so that whoever asks the server meanwhile is answered. Locks nothing that is there.
 *
 * Joined by hashing: the planner knows nothing yet of the amounts, which this transaction wrote.
 */
export async function storeLeaves(tx: Tx, treeId: string, secret: Buffer): Promise<void> {
  const { inner, outer } = hmacPads(secret);
  await tx.$executeRaw`SET LOCAL enable_nestloop = off`;
  await tx.$executeRaw(Prisma.sql`
    WITH customer AS MATERIALIZED (
      SELECT convert_to(h.customer_no, 'UTF8') AS customer_no, a.quantity_micro_xem, a.claim_jpy, a.credited_jpy,
             sha512(${outer} || sha512(${inner} || convert_to('salt:' || h.customer_no, 'UTF8'))) AS salts,
             sha512(${outer} || sha512(${inner} || convert_to('split:' || h.customer_no, 'UTF8'))) AS random
      FROM proof_amount a JOIN holder h ON h.id = a.holder_id
      WHERE a.tree_id = ${treeId}::uuid
    ), split AS MATERIALIZED (
      SELECT customer_no, quantity_micro_xem, claim_jpy, credited_jpy, salts,
             ${firstOf('quantity_micro_xem', 0)} AS quantity, ${firstOf('claim_jpy', 1)} AS claim, ${firstOf('credited_jpy', 2)} AS credited
      FROM (SELECT *, ARRAY[substr(random, 1, 8)::bigint, substr(random, 9, 8)::bigint, substr(random, 17, 8)::bigint,
                            substr(random, 25, 8)::bigint, substr(random, 33, 8)::bigint, substr(random, 41, 8)::bigint] AS drawn
            FROM customer) AS customer
    ), leaf AS (
      SELECT sha256('\\x00'::bytea || sha256('\\x03'::bytea || salt || customer_no) || part || sums) || sums AS node
      FROM split CROSS JOIN LATERAL (VALUES
        ('\\x00'::bytea, substr(salts, 1, 32), int8send(quantity) || int8send(claim) || int8send(credited)),
        ('\\x01'::bytea, substr(salts, 33, 32),
         int8send(quantity_micro_xem - quantity) || int8send(claim_jpy - claim) || int8send(credited_jpy - credited))) AS half (part, salt, sums)
    )
    INSERT INTO proof_chunk (tree_id, level, seq, first_hash, nodes)
    SELECT ${treeId}::uuid, 0, seq, substr(nodes, 1, 32), nodes FROM (
      SELECT seq, string_agg(node, ''::bytea ORDER BY node) AS nodes
      FROM (SELECT node, ((row_number() OVER (ORDER BY node) - 1) / ${CHUNK_NODES}::int)::int AS seq FROM leaf) AS numbered
      GROUP BY seq) AS pieces`);
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
