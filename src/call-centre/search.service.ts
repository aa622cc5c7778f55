import { Injectable } from '@nestjs/common';
import { ClaimNoMistyped } from '../claim/claim.errors.js';
import { Database } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { Actor } from '../platform/http/request-context.js';
import { MOST_HITS, searchView } from './present-search.js';
import { readQuestion, type Question } from './search-question.js';
import type { HolderSearchView } from './search.views.js';
import { findByNumber, findHolders, findSimilar, readFound, type FoundHolder } from './sql/find-holders.sql.js';

/** One box for everything that a caller may say of themselves. */
@Injectable()
export class HolderSearch {
  constructor(private readonly database: Database) {}

  /** At most twenty, each saying why. Errors: claim_no_mistyped. */
  async search(actor: Actor, q: string): Promise<HolderSearchView> {
    const question = readQuestion(q);
    const found = await this.find(actor, question);
    // Better to hear at once that a digit is wrong than that nobody was found.
    if (found.length === 0 && question.mistypedClaimNo) throw new ClaimNoMistyped();
    return searchView(question, found);
  }

  /**
   * Numbers first, then what is or begins so, and only if that finds nobody what sounds alike; one more than is shown. Each
   * is one statement outside any transaction, because an agent's caller waits for it.
   */
  private async find(actor: Actor, question: Question): Promise<FoundHolder[]> {
    const read = (found: Prisma.Sql) => readFound(this.database.shortStatements, actor, found);
    const { customerNo, claimNo } = question;
    if (customerNo !== null || claimNo !== null) {
      const byNumber = await read(findByNumber(customerNo, claimNo));
      if (byNumber.length > 0) return byNumber;
    }
    if (question.probes.length === 0) return [];
    const found = await read(findHolders(question, MOST_HITS + 1));
    if (found.length > 0) return found;
    const similar = findSimilar(question, MOST_HITS + 1);
    return similar === null ? [] : read(similar);
  }
}
