import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Approvals } from '../approval/approvals.js';
import { Audit } from '../audit/audit.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { decodeCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import { isWeaker } from './release-rule.state.js';
import type { ProposeReleaseRuleDto, SignReleaseDto } from './release.dto.js';
import { ReleaseRuleNotFound, ReleaseRuleUnchanged } from './release.errors.js';
import { ReleaseRepository, type ReleaseRuleRow } from './release.repository.js';
import type { ProposedReleaseRuleView, ReleaseRuleDetailView, ReleaseRuleView, ReleaseView } from './release.views.js';
import { Releases } from './releases.js';

export const RULE_STATEMENT = 'release_rule';
/** Longer than a checker has to decide. */
const DAYS_TO_SIGN = 7;
const DAY_MS = 86_400_000;

/** How many keys must sign and how long new ones wait; what takes effect is in release-rule.subject.ts. */
@Injectable()
export class ReleaseRuleService {
  constructor(
    private readonly database: Database,
    private readonly commands: Commands,
    private readonly rules: ReleaseRepository,
    private readonly releases: Releases,
    private readonly approvals: Approvals,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Newest first. Errors: cursor_invalid. */
  list({ limit, cursor }: PageQuery): Promise<Page<ReleaseRuleView>> {
    const before = decodeCursor(cursor);
    return this.database.consistentRead(async (tx) =>
      toPage(await this.rules.listRules(tx, limit, before), limit, (row) => row.id, ruleView),
    );
  }

  /** Errors: release_rule_not_found. */
  show(id: string): Promise<ReleaseRuleDetailView> {
    return this.database.consistentRead((tx) => this.detail(tx, id));
  }

  /** What is signed, byte for byte. Errors: release_statement_not_found. */
  statement(id: string): Promise<string> {
    return this.database.consistentRead(async (tx) => (await this.releases.get(tx, RULE_STATEMENT, id)).statement);
  }

  /** A weaker rule also gets a statement, for the keys of the present one. Errors: release_rule_unchanged, and those of asking for approval. */
  propose(context: RequestContext, asked: ProposeReleaseRuleDto): Promise<ProposedReleaseRuleView> {
    const { leastSignatures, waitingHours } = asked;
    return this.commands.run(context, async (tx) => {
      const present = await this.rules.currentRule(tx);
      if (present.leastSignatures === leastSignatures && present.waitingHours === waitingHours)
        throw new ReleaseRuleUnchanged();
      const id = await this.rules.insertRule(tx, leastSignatures, waitingHours, context.actor.id);
      if (isWeaker(asked, present)) await this.makeStatement(tx, id, asked, present);
      const contentHash = await this.rules.ruleHash(tx, id);
      if (contentHash === null) throw new ReleaseRuleNotFound();
      await this.audit.record(tx, context, {
        action: 'release_rule.proposed',
        subjectType: 'release_rule',
        subjectId: id,
        before: { leastSignatures: present.leastSignatures, waitingHours: present.waitingHours },
        after: { leastSignatures, waitingHours },
      });
      const approvalRequest = await this.approvals.open(tx, context, {
        subjectType: 'release_rule',
        subjectId: id,
        contentHash,
        amountJpy: null,
      });
      return { ...(await this.detail(tx, id)), approvalRequest };
    });
  }

  /** Errors: those of `Releases.sign`. */
  sign(context: RequestContext, id: string, signed: SignReleaseDto): Promise<ReleaseView> {
    return this.commands.run(context, (tx) => this.releases.sign(tx, context, RULE_STATEMENT, id, signed));
  }

  private async makeStatement(
    tx: Tx,
    id: string,
    asked: ProposeReleaseRuleDto,
    present: ReleaseRuleRow,
  ): Promise<void> {
    await this.releases.make(tx, {
      kind: RULE_STATEMENT,
      subjectId: id,
      presentLeastSignatures: String(present.leastSignatures),
      presentWaitingHours: String(present.waitingHours),
      leastSignatures: String(asked.leastSignatures),
      waitingHours: String(asked.waitingHours),
      expiresAt: new Date(this.clock.now().getTime() + DAYS_TO_SIGN * DAY_MS).toISOString(),
      nonce: randomBytes(16).toString('hex'),
    });
  }

  private async detail(tx: Tx, id: string): Promise<ReleaseRuleDetailView> {
    const row = await this.rules.findRule(tx, id);
    if (!row) throw new ReleaseRuleNotFound();
    const statement = await this.releases.find(tx, RULE_STATEMENT, id);
    return { ...ruleView(row), release: statement && (await this.releases.view(tx, statement)) };
  }
}

export function ruleView(row: ReleaseRuleRow): ReleaseRuleView {
  return {
    id: row.id,
    leastSignatures: row.leastSignatures,
    waitingHours: row.waitingHours,
    status: row.status,
    proposedBy: row.proposedBy,
    createdAt: row.createdAt.toISOString(),
    effectiveAt: row.effectiveAt?.toISOString() ?? null,
  };
}
