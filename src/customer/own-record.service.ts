import { Injectable } from '@nestjs/common';
import type { CustomerPrincipal } from '../identity/customer-principal.js';
import { CustomerSessions } from '../identity/customer-sessions.js';
import { dayOf } from '../platform/clock/jst.js';
import { coalesced } from '../platform/database/coalesced.js';
import { Database } from '../platform/database/database.js';
import type { Versioned } from '../platform/http/conditional-answer.js';
import { PROGRAM_FOLDER, printOf } from '../platform/http/program-print.js';
import { decodeBigintCursor, toPage, type Page, type PageQuery } from '../platform/pagination/page.js';
import type { ProofView } from '../proof/proof.dto.js';
import { Proofs } from '../proof/proofs.js';
import { RecordNotFound } from './customer.errors.js';
import type { CustomerTransactionView } from './customer.views.js';
import { ownClaimView } from './present-own-claim.js';
import { statementOf, type Statement } from './statement.js';
import { ownClaimVersion, readOwnClaims } from './sql/read-own-claim.sql.js';

/** Where the own claim is answered, for which its version is read along with the session. */
const OWN_CLAIM_ROUTE = '/v1/me/claim';

/** What a customer may read about themselves. */
@Injectable()
export class OwnRecord {
  private readonly row = coalesced((holderIds: readonly bigint[]) =>
    readOwnClaims(this.database.shortStatements, holderIds),
  );
  private readonly program = printOf(PROGRAM_FOLDER);

  constructor(
    private readonly database: Database,
    private readonly proofs: Proofs,
    sessions: CustomerSessions,
  ) {
    sessions.versionsFor(OWN_CLAIM_ROUTE, ownClaimVersion);
  }

  /**
   * The answer is made of one row by this program, and of nothing else, so these two are its version. The row is one statement
   * outside any transaction: a quarter of a million people look at this in the same hour. Errors: record_not_found.
   */
  claim({ holderId, version }: CustomerPrincipal): Versioned {
    const versionOf = (row: string) => `${this.program}-${row}`;
    return {
      version: version === null ? null : versionOf(version),
      read: async () => {
        const row = found(await this.row(holderId));
        return { version: versionOf(row.version), body: ownClaimView(row) };
      },
    };
  }

  /** The statement of the claim as it is at this moment. Errors: record_not_found. */
  async statement(holderId: bigint): Promise<Statement> {
    const row = found(await this.row(holderId));
    const livesAbroad = row.country !== 'JP';
    return statementOf(ownClaimView(row), row.kind === 'corporate' ? 'company' : livesAbroad ? 'abroad' : 'individual');
  }

  /** What the programme has posted to the customer's wallet, newest first. Errors: cursor_invalid. */
  transactions(holderId: bigint, { limit, cursor }: PageQuery): Promise<Page<CustomerTransactionView>> {
    const before = decodeBigintCursor(cursor);
    return this.database.consistentRead(async (tx) => {
      const claims = await tx.claim.findMany({ where: { holderId }, select: { id: true } });
      const rows = await tx.ledgerTransfer.findMany({
        where: {
          kind: 'credit',
          referenceId: { in: claims.map(({ id }) => id) },
          ...(before === null ? {} : { id: { lt: before } }),
        },
        orderBy: { id: 'desc' },
        take: limit + 1,
      });
      return toPage(
        rows,
        limit,
        ({ id }) => id.toString(),
        ({ id, postingDate, label, amountJpy }) => ({
          id: id.toString(),
          postingDate: dayOf(postingDate),
          label,
          amountJpy: amountJpy.toString(),
        }),
      );
    });
  }

  /** Errors: proof_not_available. */
  proof(holderId: bigint): Promise<ProofView> {
    return this.database.consistentRead((tx) => this.proofs.ofHolder(tx, holderId));
  }
}

function found<T>(record: T | null): T {
  if (record === null) throw new RecordNotFound();
  return record;
}
