import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { buildTree, CHUNK_NODES, Leaves, NODE_BYTES, sumsJson, type Tree } from './merkle-sum.js';
import { findUnproven, type Unproven } from './sql/find-unproven.sql.js';
import { freezeAmounts } from './sql/freeze-amounts.sql.js';
import { readAmounts } from './sql/read-amounts.sql.js';

const BUILD_JOB = 'proof-build';
const BUILD_LIMITS = { timeoutMs: 120_000 };
const READ_AT_ONCE = 5_000;
const WRITE_AT_ONCE = 64;

/** Builds a tree after each seal and each batch that credited something. */
@Injectable()
export class ProofBuilder implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  /** By the clock: neither the seal nor the batch waits for a tree, and none is forgotten. */
  onModuleInit(): void {
    this.jobs.every(BUILD_JOB, '* * * * *', (signal) => this.buildMissing(signal));
  }

  /** Each tree in a transaction of its own. */
  async buildMissing(signal: AbortSignal): Promise<void> {
    for (const due of await this.database.consistentRead(findUnproven)) {
      if (signal.aborted) return;
      await this.database.transaction((tx) => this.build(tx, due), BUILD_LIMITS);
    }
  }

  private async build(tx: Tx, due: Unproven): Promise<void> {
    // Another process may have built it since it was found missing.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('proof_build', 0))`;
    if ((await tx.proofTree.count({ where: { cause: due.cause, causeId: due.causeId } })) > 0) return;
    const [made] = await tx.$queryRaw<
      { id: string; asOf: Date }[]
    >`SELECT uuidv7() AS id, statement_timestamp() AS "asOf"`;
    if (!made) throw new Error('a select without a table answers one row');
    await freezeAmounts(tx, made.id);
    const customerCount = await tx.proofAmount.count({ where: { treeId: made.id } });
    const secret = randomBytes(32);
    const tree = buildTree(await this.leaves(tx, made.id, secret, customerCount));
    await this.write(tx, made.id, tree);
    const [quantityMicroXem, claimJpy, creditedJpy] = tree.totals;
    const root = tree.root.toString('hex');
    await tx.proofTree.create({
      select: { id: true },
      data: {
        ...made,
        ...due,
        root,
        leafCount: tree.leafCount,
        customerCount,
        quantityMicroXem,
        claimJpy,
        creditedJpy,
        secret,
      },
    });
    await this.audit.record(tx, systemActor(BUILD_JOB), {
      action: 'proof.published',
      subjectType: 'proof',
      subjectId: made.id,
      after: { ...due, root, leafCount: tree.leafCount, customerCount, ...sumsJson(tree.totals) },
    });
  }

  private async leaves(tx: Tx, treeId: string, secret: Buffer, customerCount: number): Promise<Buffer> {
    const leaves = new Leaves(customerCount);
    let after = 0n;
    for (let rows = await readAmounts(tx, treeId, after, READ_AT_ONCE); rows.length > 0;) {
      for (const { customerNo, quantityMicroXem, claimJpy, creditedJpy } of rows)
        leaves.add(secret, customerNo, [quantityMicroXem, claimJpy, creditedJpy]);
      after = rows.at(-1)?.holderId ?? after;
      rows = await readAmounts(tx, treeId, after, READ_AT_ONCE);
    }
    return leaves.inOrder();
  }

  private async write(tx: Tx, treeId: string, { storedLevels }: Tree): Promise<void> {
    const size = CHUNK_NODES * NODE_BYTES;
    for (const [level, nodes] of storedLevels.entries()) {
      const starts = Array.from({ length: Math.ceil(nodes.length / size) }, (_, seq) => seq);
      for (let from = 0; from < starts.length; from += WRITE_AT_ONCE) {
        const data = starts.slice(from, from + WRITE_AT_ONCE).map((seq) => {
          const piece = Uint8Array.from(nodes.subarray(seq * size, (seq + 1) * size));
          return { treeId, level, seq, firstHash: piece.slice(0, 32), nodes: piece };
        });
        await tx.proofChunk.createMany({ data });
      }
    }
  }
}
