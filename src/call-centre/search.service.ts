import { Injectable } from '@nestjs/common';
import { ClaimNoMistyped } from '../claim/claim.errors.js';
import { maskEmail, maskName, maskPhone } from '../holder/masking.js';
import { Database } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { Actor } from '../platform/http/request-context.js';
import { HINTS, MATCH_TEXTS } from './search-texts.js';
import { readQuestion, type Question } from './search-question.js';
import type { FoundHolderView, HolderSearchView } from './search.views.js';
import { findByNumber, findHolders, readFound, type FoundHolder } from './sql/find-holders.sql.js';

const MOST_HITS = 20;

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
    return { items: found.slice(0, MOST_HITS).map(shown), hint: hintFor(question, found.length) };
  }

  /**
   * Numbers first, then what is or begins so, and only if that leaves room what sounds alike; one more than is shown. Each
   * is one statement outside any transaction, because an agent's caller waits for it.
   */
  private async find(actor: Actor, question: Question): Promise<FoundHolder[]> {
    const read = (found: Prisma.Sql) => readFound(this.database.shortStatements, actor, found);
    const { customerNo, claimNo } = question;
    if (customerNo !== null || claimNo !== null) {
      const byNumber = await read(findByNumber(customerNo, claimNo));
      if (byNumber.length > 0) return byNumber;
    }
    const [plain, similar] = [
      question.probes.filter(({ how }) => how !== 'similar'),
      question.probes.filter(({ how }) => how === 'similar'),
    ];
    if (plain.length === 0) return [];
    const found = await read(findHolders(question, plain, MOST_HITS + 1));
    if (found.length > 0 || similar.length === 0) return found;
    return read(findHolders(question, similar, MOST_HITS + 1));
  }
}

const HIDDEN = { name: null, nameKana: null, email: null, phone: null, claim: null, lastContact: null };

function shown(row: FoundHolder): FoundHolderView {
  const { customer_no: customerNo, reason, own } = row;
  return { customerNo, matched: { code: reason, text: MATCH_TEXTS[reason] }, own, ...(own ? HIDDEN : masked(row)) };
}

function masked(row: FoundHolder): Omit<FoundHolderView, 'customerNo' | 'matched' | 'own'> {
  const { claim_no: claimNo, status, held: underReview, amount_jpy: amountJpy } = row;
  const { contact_at: at, contact_channel: channel } = row;
  const hasClaim = claimNo !== null && status !== null && underReview !== null && amountJpy !== null;
  return {
    name: maskName(row.name),
    nameKana: maskName(row.name_kana),
    email: maskEmail(row.email),
    phone: maskPhone(row.phone),
    claim: hasClaim ? { claimNo, status, underReview, amountJpy } : null,
    lastContact: at && channel && { at: at.toISOString(), channel },
  };
}

function hintFor({ probes, customerNo, claimNo }: Question, found: number): HolderSearchView['hint'] {
  if (found > MOST_HITS) return HINTS.narrow;
  if (found > 0) return null;
  return probes.length === 0 && claimNo === null && customerNo !== null && /^\d{1,4}$/.test(customerNo)
    ? HINTS.addName
    : HINTS.nobody;
}
