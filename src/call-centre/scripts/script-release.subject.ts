import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../../approval/approval-subject.js';
import { Approvals } from '../../approval/approvals.js';
import { Audit } from '../../audit/audit.js';
import type { Tx } from '../../platform/database/database.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import type { Json } from '../../platform/json.js';
import { scriptVersionView } from './present-script.js';
import { ScriptRepository } from './script.repository.js';

/** A version of a script under maker–checker: approved, it is what agents read. */
@Injectable()
export class ScriptReleaseSubject implements ApprovalSubject, OnModuleInit {
  readonly type = 'script_release';
  readonly makerRoles = ['team_lead'] as const;
  readonly checkerRoles = ['team_lead', 'compliance'] as const;

  constructor(
    private readonly approvals: Approvals,
    private readonly scripts: ScriptRepository,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    return this.scripts.contentHash(tx, subjectId);
  }

  /** The whole text, word by word, and what it replaces. */
  async preview(tx: Tx, subjectId: string): Promise<Json> {
    const row = await this.scripts.find(tx, subjectId);
    if (!row) return null;
    const [inUse] = await tx.script.findMany({
      where: { situation: row.situation, status: 'released', id: { not: row.id } },
      orderBy: { version: 'desc' },
      take: 1,
    });
    return { script: scriptVersionView(row), replaces: inUse ? scriptVersionView(inUse) : null } as unknown as Json;
  }

  async takeEffect(tx: Tx, context: RequestContext, { id, subjectId }: ApprovalRequest): Promise<Json> {
    if (!(await this.scripts.release(tx, subjectId)))
      throw new Error(`script ${subjectId} is no draft although its request was open`);
    const row = await this.scripts.find(tx, subjectId);
    const { situation = '', version = 0 } = row ?? {};
    await this.audit.record(tx, context, {
      action: 'script.released',
      subjectType: 'script',
      subjectId,
      before: { status: 'draft' },
      after: { status: 'released', for: situation, version, approvalRequestId: id },
    });
    return { status: 'released', for: situation, version };
  }

  /** It stays a draft; the request itself says who refused and why. */
  refused(): Promise<void> {
    return Promise.resolve();
  }

  /** It stays a draft, and one can ask again. */
  lapsed(): Promise<void> {
    return Promise.resolve();
  }
}
