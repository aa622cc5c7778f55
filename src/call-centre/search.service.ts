import { Injectable } from '@nestjs/common';
import { ClaimNoMistyped } from '../claim/claim.errors.js';
import { coalesced } from '../platform/database/coalesced.js';
import { Database } from '../platform/database/database.js';
import type { Actor } from '../platform/http/request-context.js';
import { searchView } from './present-search.js';
import { readQuestion } from './search-question.js';
import type { HolderSearchView } from './search.views.js';
import { findHolders, findSimilar, type AskedQuestion, type FoundHolder } from './sql/find-holders.sql.js';

/** One box for everything that a caller may say of themselves. */
@Injectable()
export class HolderSearch {
  private readonly found = coalesced((asked: readonly AskedQuestion[]) =>
    findHolders(this.database.shortStatements, asked),
  );
  private readonly similar = coalesced((asked: readonly AskedQuestion[]) =>
    findSimilar(this.database.shortStatements, asked),
  );

  constructor(private readonly database: Database) {}

  /** At most twenty, each saying why. Errors: claim_no_mistyped. */
  async search(actor: Actor, q: string): Promise<HolderSearchView> {
    const question = readQuestion(q);
    const found = await this.find({ actor, question });
    // Better to hear at once that a digit is wrong than that nobody was found.
    if (found.length === 0 && question.mistypedClaimNo) throw new ClaimNoMistyped();
    return searchView(question, found);
  }

  /**
   * By number, else what is or begins so, and only if that finds nobody what sounds alike. Each is one statement outside
   * any transaction, because an agent's caller waits for it.
   */
  private async find(asked: AskedQuestion): Promise<readonly FoundHolder[]> {
    const { probes, sounds, customerNo, claimNo } = asked.question;
    if (probes.length === 0 && customerNo === null && claimNo === null) return [];
    const found = (await this.found(asked)) ?? [];
    if (found.length > 0 || sounds.length === 0) return found;
    return (await this.similar(asked)) ?? [];
  }
}
