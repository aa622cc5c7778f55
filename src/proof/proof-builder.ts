import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit, systemActor } from '../audit/audit.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { GrowingTree, sumsJson, type Piece, type Tree } from './merkle-sum.js';
import { findUnproven, type Unproven } from './sql/find-unproven.sql.js';
import { freezeAmounts } from './sql/freeze-amounts.sql.js';
import { readLeaves, storeLeaves } from './sql/store-leaves.sql.js';

const BUILD_JOB = 'proof-build';
const BUILD_LIMITS = { timeoutMs: 120_000 };
const PIECES_AT_ONCE = 16;

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
    // Another process is at it, and builds what was found missing, or the next minute does; or it has built it since.
    const [lock] = await tx.$queryRaw<{ mine: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended('proof_build', 0)) AS mine`;
    if (!lock?.mine) return;
    if ((await tx.proofTree.count({ where: { cause: due.cause, causeId: due.causeId } })) > 0) return;
    const [made] = await tx.$queryRaw<
      { id: string; asOf: Date }[]
    >`SELECT uuidv7() AS id, statement_timestamp() AS "asOf"`;
    if (!made) throw new Error('a select without a table answers one row');
    await freezeAmounts(tx, made.id);
    const customerCount = await tx.proofAmount.count({ where: { treeId: made.id } });
    const secret = randomBytes(32);
    await storeLeaves(tx, made.id, secret);
    const tree = await this.grow(tx, made.id);
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

  /** From the stored leaves, and stores what is above them. Errors: LeafRefused. */
  private async grow(tx: Tx, treeId: string): Promise<Tree> {
    const growing = new GrowingTree();
    const store = (pieces: Piece[]) => this.storeAbove(tx, treeId, pieces);
    let after = -1;
    for (let read = await readLeaves(tx, treeId, after, PIECES_AT_ONCE); read.length > 0;) {
      for (const { seq, nodes } of read) {
        // As long as a step of hashing: whoever asks meanwhile is answered between two pieces.
        await turn();
        await store(growing.add(Buffer.from(nodes)));
        after = seq;
      }
      read = await readLeaves(tx, treeId, after, PIECES_AT_ONCE);
    }
    const { tree, rest } = growing.finish();
    await store(rest);
    return tree;
  }

  private async storeAbove(tx: Tx, treeId: string, pieces: Piece[]): Promise<void> {
    const data = pieces
      .filter(({ level }) => level > 0)
      .map(({ level, seq, nodes }) => ({
        treeId,
        level,
        seq,
        firstHash: Uint8Array.from(nodes.subarray(0, 32)),
        nodes: Uint8Array.from(nodes),
      }));
    if (data.length > 0) await tx.proofChunk.createMany({ data });
  }
}
