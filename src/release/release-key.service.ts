import { Injectable } from '@nestjs/common';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { decodeCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import type { Text } from '../platform/problem/domain-error.js';
import { isUsableKey } from './ed25519.js';
import type { ProposeReleaseKeyDto } from './release.dto.js';
import { ReleaseKeyKnown, ReleaseKeyNotActive, ReleaseKeyNotFound, ReleaseKeyUnusable } from './release.errors.js';
import { ReleaseRepository, type ReleaseKeyRow } from './release.repository.js';
import type { ProposedReleaseKeyView, ReleaseKeyView, RevokedReleaseKeyView } from './release.views.js';

/** The registry of public keys; what takes effect is in release-key.subjects.ts. */
@Injectable()
export class ReleaseKeyService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly releases: ReleaseRepository,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
  ) {}

  /** Newest first. Errors: cursor_invalid. */
  list({ limit, cursor }: PageQuery): Promise<Page<ReleaseKeyView>> {
    const before = decodeCursor(cursor);
    return this.database.consistentRead(async (tx) =>
      toPage(await this.releases.listKeys(tx, limit, before), limit, (row) => row.id, keyView),
    );
  }

  /** Errors: release_key_unusable, release_key_known, and those of asking for approval. */
  propose(context: RequestContext, { publicKey, label }: ProposeReleaseKeyDto): Promise<ProposedReleaseKeyView> {
    const rawKey = Buffer.from(publicKey, 'base64');
    if (!isUsableKey(rawKey)) throw new ReleaseKeyUnusable();
    return this.commands.run(context, async (tx) => {
      const id = await this.releases.insertKey(tx, rawKey, label, context.actor.id);
      if (id === null) throw new ReleaseKeyKnown();
      const view = keyView(await this.get(tx, id));
      const contentHash = await this.releases.keyHash(tx, id);
      if (contentHash === null) throw new ReleaseKeyNotFound();
      await this.record(tx, context, view, 'proposed');
      const approvalRequest = await this.approvals.open(tx, context, {
        subjectType: 'release_key',
        subjectId: id,
        contentHash,
        amountJpy: null,
      });
      return { ...view, approvalRequest };
    });
  }

  /** Errors: release_key_not_found, release_key_not_active, and those of asking for approval. */
  revoke(context: RequestContext, id: string): Promise<RevokedReleaseKeyView> {
    return this.commands.run(context, async (tx) => {
      const view = keyView(await this.get(tx, id));
      const contentHash = await this.releases.revocationHash(tx, id);
      if (contentHash === null) throw new ReleaseKeyNotActive(view.status);
      await this.record(tx, context, view, 'revocation_asked');
      const approvalRequest = await this.approvals.open(tx, context, {
        subjectType: 'release_key_revocation',
        subjectId: id,
        contentHash,
        amountJpy: null,
      });
      return { ...view, approvalRequest, warning: await warningBeforeRevocation(tx, this.releases) };
    });
  }

  private async get(tx: Tx, id: string): Promise<ReleaseKeyRow> {
    const row = await this.releases.findKey(tx, id);
    if (!row) throw new ReleaseKeyNotFound();
    return row;
  }

  private record(tx: Tx, context: RequestContext, view: ReleaseKeyView, verb: string): Promise<void> {
    return this.audit.record(tx, context, {
      action: `release_key.${verb}`,
      subjectType: 'release_key',
      subjectId: view.id,
      after: { fingerprint: view.fingerprint, status: view.status },
    });
  }
}

/** Keys that still wait are counted too: they will be there. */
export async function warningBeforeRevocation(tx: Tx, releases: ReleaseRepository): Promise<Text | null> {
  const left = (await releases.countActiveKeys(tx)) - 1;
  const { leastSignatures } = await releases.currentRule(tx);
  if (left >= leastSignatures) return null;
  return {
    en: `${left} keys will be left, and ${leastSignatures} must sign: nothing that needs them can be released until another is registered and has waited.`,
    ja: `残る鍵は${left}個ですが、${leastSignatures}個の署名が必要です。新しい鍵が登録され待機期間を過ぎるまで、署名を要する反映は実行できません。`,
  };
}

export function keyView(row: ReleaseKeyRow): ReleaseKeyView {
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    publicKey: Buffer.from(row.publicKey).toString('base64'),
    label: row.label,
    status: row.status,
    proposedBy: row.proposedBy,
    createdAt: row.createdAt.toISOString(),
    registeredAt: row.registeredAt?.toISOString() ?? null,
    countsFrom: row.countsFrom?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  };
}
