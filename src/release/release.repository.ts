import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { Prisma } from '../platform/database/prisma.js';

export type ReleaseKeyRow = Prisma.ReleaseKeyGetPayload<object>;
export type ReleaseRuleRow = Prisma.ReleaseRuleGetPayload<object>;

const WITH_SIGNATURES = {
  signatures: { include: { key: true }, orderBy: { recordedAt: 'asc' } },
} as const satisfies Prisma.ReleaseStatementInclude;
export type ReleaseStatementRow = Prisma.ReleaseStatementGetPayload<{ include: typeof WITH_SIGNATURES }>;

@Injectable()
export class ReleaseRepository {
  /** Null when the public key is known already. */
  async insertKey(tx: Tx, publicKey: Uint8Array, label: string, proposedBy: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO release_key (public_key, label, proposed_by) VALUES (${publicKey}, ${label}, ${proposedBy}::uuid)
      ON CONFLICT (fingerprint) WHERE status <> 'rejected' DO NOTHING RETURNING id`;
    return row?.id ?? null;
  }

  findKey(tx: Tx, id: string): Promise<ReleaseKeyRow | null> {
    return tx.releaseKey.findUnique({ where: { id } });
  }

  findKeyByFingerprint(tx: Tx, fingerprint: string): Promise<ReleaseKeyRow | null> {
    return tx.releaseKey.findFirst({ where: { fingerprint, status: { not: 'rejected' } } });
  }

  /** Newest first; one row more than `limit`. */
  listKeys(tx: Tx, limit: number, before: string | null): Promise<ReleaseKeyRow[]> {
    return tx.releaseKey.findMany({
      where: before === null ? {} : { id: { lt: before } },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  countActiveKeys(tx: Tx): Promise<number> {
    return tx.releaseKey.count({ where: { status: 'active' } });
  }

  /** Answers whether the key was in the state `from`; the database guards the step. */
  async moveKey(
    tx: Tx,
    id: string,
    from: 'proposed' | 'active',
    to: 'active' | 'rejected' | 'revoked',
  ): Promise<boolean> {
    const { count } = await tx.releaseKey.updateMany({ where: { id, status: from }, data: { status: to } });
    return count === 1;
  }

  /** What two people agree to, as the database computes it; null unless the key waits for them. */
  async keyHash(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT release_key_hash(id) AS hash FROM release_key WHERE id = ${id}::uuid AND status = 'proposed'`;
    return row?.hash ?? null;
  }

  /** As `keyHash`; null unless there is something to revoke. */
  async revocationHash(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT release_key_revocation_hash(id) AS hash FROM release_key WHERE id = ${id}::uuid AND status = 'active'`;
    return row?.hash ?? null;
  }

  async insertRule(tx: Tx, leastSignatures: number, waitingHours: number, proposedBy: string): Promise<string> {
    const [row] = await tx.$queryRaw<[{ id: string }]>`
      INSERT INTO release_rule (least_signatures, waiting_hours, proposed_by)
      VALUES (${leastSignatures}, ${waitingHours}, ${proposedBy}::uuid) RETURNING id`;
    return row.id;
  }

  findRule(tx: Tx, id: string): Promise<ReleaseRuleRow | null> {
    return tx.releaseRule.findUnique({ where: { id } });
  }

  /** The rule that holds. */
  currentRule(tx: Tx): Promise<ReleaseRuleRow> {
    return tx.releaseRule.findFirstOrThrow({
      where: { status: 'effective' },
      orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
    });
  }

  /** Newest first; one row more than `limit`. */
  listRules(tx: Tx, limit: number, before: string | null): Promise<ReleaseRuleRow[]> {
    return tx.releaseRule.findMany({
      where: before === null ? {} : { id: { lt: before } },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  async moveRule(tx: Tx, id: string, to: 'effective' | 'rejected'): Promise<boolean> {
    const { count } = await tx.releaseRule.updateMany({ where: { id, status: 'proposed' }, data: { status: to } });
    return count === 1;
  }

  async ruleHash(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT release_rule_hash(id) AS hash FROM release_rule WHERE id = ${id}::uuid AND status = 'proposed'`;
    return row?.hash ?? null;
  }

  async insertStatement(tx: Tx, statement: string): Promise<void> {
    await tx.$executeRaw`INSERT INTO release_statement (statement) VALUES (${statement})`;
  }

  newestStatement(tx: Tx, kind: string, subjectId: string): Promise<ReleaseStatementRow | null> {
    return tx.releaseStatement.findFirst({
      where: { kind, subjectId },
      orderBy: { id: 'desc' },
      include: WITH_SIGNATURES,
    });
  }

  /** Signatures on one statement are recorded one after the other, so that the last one that is needed knows it. */
  async lockStatement(tx: Tx, id: string): Promise<void> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('release_statement:' || ${id}, 0))::text`;
  }

  /** Answers whether the key had not signed before. */
  async insertSignature(
    tx: Tx,
    { statementId, keyId, signature, recordedBy }: Prisma.ReleaseSignatureUncheckedCreateInput,
  ): Promise<boolean> {
    const inserted = await tx.$executeRaw`
      INSERT INTO release_signature (statement_id, key_id, signature, recorded_by)
      VALUES (${statementId}::uuid, ${keyId}::uuid, ${signature}, ${recordedBy}::uuid)
      ON CONFLICT ON CONSTRAINT release_signature_once_per_key DO NOTHING`;
    return inserted === 1;
  }
}
