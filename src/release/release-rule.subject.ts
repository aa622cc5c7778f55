import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApprovalRequest, ApprovalSubject } from '../approval/approval-subject.js';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';
import { readStatement } from './release-statement.js';
import { RELEASE_CHECKERS, RELEASE_MAKERS } from './release-key.subjects.js';
import { isWeaker } from './release-rule.state.js';
import { RULE_STATEMENT, ruleView } from './release-rule.service.js';
import { ReleaseRuleNotFound, ReleaseSignaturesMissing } from './release.errors.js';
import { ReleaseRepository, type ReleaseRuleRow } from './release.repository.js';
import { Releases } from './releases.js';

/** A rule under maker–checker; a weaker one takes effect only when the keys of the present rule have signed it too. */
@Injectable()
export class ReleaseRuleSubject implements ApprovalSubject, OnModuleInit {
  readonly type = 'release_rule';
  readonly makerRoles = RELEASE_MAKERS;
  readonly checkerRoles = RELEASE_CHECKERS;

  constructor(
    private readonly approvals: Approvals,
    private readonly rules: ReleaseRepository,
    private readonly releases: Releases,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.approvals.register(this);
  }

  contentHash(tx: Tx, subjectId: string): Promise<string | null> {
    return this.rules.ruleHash(tx, subjectId);
  }

  async preview(tx: Tx, subjectId: string): Promise<Json> {
    const [asked, present] = [await this.get(tx, subjectId), await this.rules.currentRule(tx)];
    return {
      present: { ...ruleView(present) },
      asked: { ...ruleView(asked) },
      weaker: isWeaker(asked, present),
      missingSignatures: await this.missing(tx, asked, present),
      activeKeys: await this.rules.countActiveKeys(tx),
    };
  }

  async takeEffect(tx: Tx, context: RequestContext, { id, subjectId }: ApprovalRequest): Promise<Json> {
    const [asked, present] = [await this.get(tx, subjectId), await this.rules.currentRule(tx)];
    const missing = await this.missing(tx, asked, present);
    if (missing > 0) throw new ReleaseSignaturesMissing(missing);
    if (!(await this.rules.moveRule(tx, subjectId, 'effective')))
      throw new Error(`release rule ${subjectId} was not proposed although its request was open`);
    const outcome = { leastSignatures: asked.leastSignatures, waitingHours: asked.waitingHours };
    await this.audit.record(tx, context, {
      action: 'release_rule.changed',
      subjectType: 'release_rule',
      subjectId,
      before: { leastSignatures: present.leastSignatures, waitingHours: present.waitingHours },
      after: { ...outcome, approvalRequestId: id },
    });
    return outcome;
  }

  async refused(tx: Tx, _context: RequestContext, { subjectId }: ApprovalRequest): Promise<void> {
    await this.rules.moveRule(tx, subjectId, 'rejected');
  }

  async lapsed(tx: Tx, { subjectId }: ApprovalRequest): Promise<void> {
    await this.rules.moveRule(tx, subjectId, 'rejected');
  }

  /** All of them when the present rule is not the one that the statement speaks of: then one proposes anew. */
  private async missing(tx: Tx, asked: ReleaseRuleRow, present: ReleaseRuleRow): Promise<number> {
    if (!isWeaker(asked, present)) return 0;
    const statement = await this.releases.find(tx, RULE_STATEMENT, asked.id);
    if (!statement || this.releases.hasExpired(statement)) return present.leastSignatures;
    const said = readStatement(statement.statement);
    const saysPresent =
      said?.presentLeastSignatures === String(present.leastSignatures) &&
      said.presentWaitingHours === String(present.waitingHours);
    if (!saysPresent) return present.leastSignatures;
    return (await this.releases.view(tx, statement)).missingSignatures;
  }

  private async get(tx: Tx, id: string): Promise<ReleaseRuleRow> {
    const row = await this.rules.findRule(tx, id);
    if (!row) throw new ReleaseRuleNotFound();
    return row;
  }
}
