import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import type { AuditVerificationView } from './audit-verification.dto.js';
import { verifyAudit } from './verify-audit.js';

/** Passes over everything that was ever recorded. */
const LIMITS = { timeoutMs: 900_000 };

/** Verifies the audit trail every night and shows auditors where it stands. */
@Injectable()
export class AuditVerificationService implements OnModuleInit {
  private readonly logger = new Logger('AuditVerification');

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  /** 03:42 in Japan. */
  onModuleInit(): void {
    this.jobs.every('audit-verification', '42 18 * * *', () => this.verify());
  }

  async verify(): Promise<void> {
    const { head, rows, finding } = await this.database.copySession((client) => verifyAudit(client), LIMITS);
    if (finding !== null) this.logger.error(`the audit trail does not fit: ${finding}`);
    await this.database.transaction((tx) =>
      tx.auditVerification.create({
        select: { id: true },
        data: { links: head?.seq ?? 0n, headHash: head?.hash ?? '0'.repeat(64), rows, finding },
      }),
    );
  }

  show(): Promise<AuditVerificationView> {
    return this.database.consistentRead(async (tx) => {
      const head = await tx.auditLink.findFirstOrThrow({ orderBy: { seq: 'desc' } });
      const first = await tx.auditLink.findUniqueOrThrow({ where: { seq: 0n } });
      const last = await tx.auditVerification.findFirst({ orderBy: { id: 'desc' } });
      const signed = await tx.auditSignedHead.findFirst({ orderBy: { seq: 'desc' }, include: { key: true } });
      return {
        chainId: hex(first.hash),
        head: { seq: head.seq.toString(), hash: hex(head.hash) },
        signedHead: signed && {
          seq: signed.seq.toString(),
          hash: hex(signed.hash),
          signedAt: signed.signedAt.toISOString(),
          keyId: signed.keyId,
          publicKey: hex(signed.key.publicKey),
          signature: hex(signed.signature),
        },
        lastVerification: last && {
          finishedAt: last.finishedAt.toISOString(),
          seq: last.links.toString(),
          hash: last.headHash,
          rowCount: last.rows.toString(),
          fits: last.finding === null,
          finding: last.finding,
        },
      };
    });
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
