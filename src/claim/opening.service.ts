import { Injectable } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { Ledger } from '../ledger/ledger.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Commands } from '../platform/idempotency/commands.js';
import { NothingToOpen } from './claim.errors.js';
import type { OpenedClaimsView } from './claim.views.js';
import { holdClosedAccounts } from './sql/hold-closed-accounts.sql.js';
import { openClaims } from './sql/open-claims.sql.js';
import { payableHoldersWithoutClaim } from './sql/payable-holders.sql.js';

/** One statement over all balances of the programme. */
const LIMITS = { timeoutMs: 120_000 };

@Injectable()
export class OpeningService {
  constructor(
    private readonly commands: Commands,
    private readonly audit: Audit,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Opens a claim for every payable, sealed balance that has none. Doing it again opens none, or those of a later supplement.
   * Errors: claims_cannot_open.
   */
  open(context: RequestContext): Promise<OpenedClaimsView> {
    return this.commands.run(context, (tx) => this.openIn(tx, context), LIMITS);
  }

  private async openIn(tx: Tx, context: RequestContext): Promise<OpenedClaimsView> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('open_claims', 0))::text`;
    if ((await tx.snapshot.count({ where: { status: 'sealed' } })) === 0) throw new NothingToOpen('sealed_snapshot');
    if ((await tx.rate.count({ where: { status: 'effective' } })) === 0) throw new NothingToOpen('effective_rate');
    // All balances are gone through at once, in tables so new that nothing is known of their size: one by one through an index
    // would be the plan for a few.
    await tx.$executeRaw`SET LOCAL enable_nestloop = off`;
    await this.ledger.openWallets(tx, payableHoldersWithoutClaim());
    const opened = await openClaims(tx);
    // From here on it is a few that are looked for.
    await tx.$executeRaw`SET LOCAL enable_nestloop = on`;
    const heldNoWallet = await holdClosedAccounts(tx);
    await this.audit.record(tx, context, {
      action: 'claim.opened',
      subjectType: 'programme',
      subjectId: 'claims',
      after: { quantityXem: opened.quantityXem, heldNoWallet: String(heldNoWallet) },
      rows: { count: opened.count, sumJpy: opened.sumJpy, digest: opened.digest },
    });
    return {
      count: opened.count.toString(),
      totalJpy: opened.sumJpy.toString(),
      quantityXem: opened.quantityXem,
      heldNoWallet: String(heldNoWallet),
    };
  }
}
