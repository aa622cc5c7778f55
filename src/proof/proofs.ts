import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { Actor } from '../platform/http/request-context.js';
import { decodeUuidCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import { CHUNK_NODES, findLeaf, pathOf, splitLeaves, sumsJson, type SplitLeaf } from './merkle-sum.js';
import type { ProofPartView, ProofView, PublishedProofView } from './proof.dto.js';
import { ProofNotAvailable, ProofOfOwnClaim } from './proof.errors.js';
import { findLeafChunk } from './sql/find-leaf-chunk.sql.js';
import { FORMAT, type Sums } from './verify-proof.js';

type TreeRow = Prisma.ProofTreeGetPayload<object>;

/** Roots for everyone, and the path of one customer to the newest of them. */
@Injectable()
export class Proofs {
  constructor(private readonly database: Database) {}

  /** Newest first. Errors: cursor_invalid. */
  list({ limit, cursor }: PageQuery): Promise<Page<PublishedProofView>> {
    const before = decodeUuidCursor(cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await tx.proofTree.findMany({
        where: before === null ? {} : { id: { lt: before } },
        orderBy: { id: 'desc' },
        take: limit + 1,
      });
      return toPage(rows, limit, ({ id }) => id, publishedView);
    });
  }

  /** For staff. Errors: own_claim, proof_not_available, also for a number that nobody has. */
  ofCustomer(actor: Actor, customerNo: string): Promise<ProofView> {
    return this.database.consistentRead(async (tx) => {
      const own = await tx.$queryRaw<
        unknown[]
      >`SELECT 1 FROM staff_interest WHERE staff_id = ${actor.id}::uuid AND customer_no = ${customerNo} LIMIT 1`;
      if (own.length > 0) throw new ProofOfOwnClaim();
      const holder = await tx.holder.findUnique({ where: { customerNo }, select: { id: true } });
      if (!holder) throw new ProofNotAvailable();
      return this.ofHolder(tx, holder.id);
    });
  }

  /** The path in the newest tree that counts this holder. Errors: proof_not_available. */
  async ofHolder(tx: Tx, holderId: bigint): Promise<ProofView> {
    const row = await tx.proofAmount.findFirst({
      where: { holderId },
      orderBy: { treeId: 'desc' },
      include: { tree: true, holder: { select: { customerNo: true } } },
    });
    if (!row) throw new ProofNotAvailable();
    const { tree, holder } = row;
    const leaves = splitLeaves(Buffer.from(tree.secret), holder.customerNo, totalsOf(row));
    const parts: ProofPartView[] = [];
    for (const leaf of leaves) parts.push(await this.part(tx, tree, leaf));
    const { root, leafCount } = tree;
    return {
      format: FORMAT,
      proofId: tree.id,
      asOf: tree.asOf.toISOString(),
      customerNo: holder.customerNo,
      root,
      leafCount,
      totals: sumsJson(totalsOf(tree)),
      parts,
    };
  }

  private async part(tx: Tx, tree: TreeRow, { salt, sums, hash }: SplitLeaf): Promise<ProofPartView> {
    const lowest = await findLeafChunk(tx, tree.id, hash);
    const place = lowest ? findLeaf(Buffer.from(lowest.nodes), hash) : -1;
    if (!lowest || place < 0) throw new Error(`a leaf is missing in tree ${tree.id}`);
    const higher = await tx.proofChunk.findMany({ where: { treeId: tree.id, OR: above(lowest.seq) } });
    const chunks = new Map([lowest, ...higher].map(({ level, nodes }) => [level, Buffer.from(nodes)]));
    const index = lowest.seq * CHUNK_NODES + place;
    const path = pathOf(index, tree.leafCount, (level) => {
      const chunk = chunks.get(level);
      if (!chunk) throw new Error(`level ${level} is missing in tree ${tree.id}`);
      return chunk;
    });
    return { index, salt: salt.toString('hex'), ...sumsJson(sums), path: [...path] };
  }
}

/** The pieces over piece `seq` of the leaves; four levels of pieces hold more leaves than there can be. */
function above(seq: number): { level: number; seq: number }[] {
  return [1, 2, 3].map((level) => ({ level, seq: Math.floor(seq / CHUNK_NODES ** level) }));
}

function totalsOf(row: { quantityMicroXem: bigint; claimJpy: bigint; creditedJpy: bigint }): Sums {
  return [row.quantityMicroXem, row.claimJpy, row.creditedJpy];
}

function publishedView(row: TreeRow): PublishedProofView {
  const { id, cause, asOf, root, leafCount } = row;
  return { id, cause, asOf: asOf.toISOString(), root, leafCount, totals: sumsJson(totalsOf(row)) };
}
