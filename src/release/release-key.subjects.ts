import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { keyView, warningBeforeRevocation } from './release-key.service.js';
import { ReleaseKeyNotFound } from './release.errors.js';
import { ReleaseRepository } from './release.repository.js';

/** Compliance always agrees to a key, so finance alone cannot give itself one. */
export const RELEASE_MAKERS = ['finance_checker', 'compliance'] as const;
export const RELEASE_CHECKERS = ['compliance'] as const;

/** What two people decide about keys: that one is registered, and that one counts no longer. */
@Injectable()
export class ReleaseKeySubjects implements OnModuleInit {
  constructor(
    private readonly approvals: Approvals,
    private readonly releases: ReleaseRepository,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this.registration());
    this.approvals.register(this.revocation());
  }

  private registration(): ApprovalSubject {
    return {
      type: 'release_key',
      makerRoles: RELEASE_MAKERS,
      checkerRoles: RELEASE_CHECKERS,
      contentHash: (tx, subjectId) => this.releases.keyHash(tx, subjectId),
      preview: async (tx, subjectId) => ({
        ...(await this.key(tx, subjectId)),
        waitingHours: (await this.releases.currentRule(tx)).waitingHours,
      }),
      takeEffect: (tx, context, request) => this.move(tx, context, request, 'proposed', 'active'),
      refused: async (tx, context, request) => {
        await this.move(tx, context, request, 'proposed', 'rejected');
      },
      lapsed: async (tx, { subjectId }) => {
        await this.releases.moveKey(tx, subjectId, 'proposed', 'rejected');
      },
    };
  }

  /** Refused or lapsed, the key goes on counting. */
  private revocation(): ApprovalSubject {
    return {
      type: 'release_key_revocation',
      makerRoles: RELEASE_MAKERS,
      checkerRoles: RELEASE_CHECKERS,
      contentHash: (tx, subjectId) => this.releases.revocationHash(tx, subjectId),
      preview: async (tx, subjectId) => {
        const warning = await warningBeforeRevocation(tx, this.releases);
        return { ...(await this.key(tx, subjectId)), warning: warning && { ...warning } };
      },
      takeEffect: (tx, context, request) => this.move(tx, context, request, 'active', 'revoked'),
      refused: async () => undefined,
      lapsed: async () => undefined,
    };
  }

  private async move(
    tx: Tx,
    context: RequestContext,
    { id, subjectId }: ApprovalRequest,
    from: 'proposed' | 'active',
    to: 'active' | 'rejected' | 'revoked',
  ): Promise<Json> {
    if (!(await this.releases.moveKey(tx, subjectId, from, to)))
      throw new Error(`release key ${subjectId} was not ${from} although its request was open`);
    const { fingerprint, countsFrom } = await this.key(tx, subjectId);
    await this.audit.record(tx, context, {
      action: `release_key.${to === 'active' ? 'registered' : to}`,
      subjectType: 'release_key',
      subjectId,
      before: { status: from },
      after: { status: to, fingerprint, countsFrom, approvalRequestId: id },
    });
    return { status: to, fingerprint, countsFrom };
  }

  private async key(tx: Tx, id: string) {
    const row = await this.releases.findKey(tx, id);
    if (!row) throw new ReleaseKeyNotFound();
    return keyView(row);
  }
}
