import { Injectable } from '@nestjs/common';
import { ClaimNoMistyped } from '../claim/claim.errors.js';
import { maskEmail, maskName, maskPhone } from '../holder/masking.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { Actor } from '../platform/http/request-context.js';
import { HINTS, MATCH_TEXTS } from './search-texts.js';
import { readQuestion, type Question } from './search-question.js';
import type { FoundHolderView, HolderSearchView } from './search.views.js';
import { findHolders, SIMILARITY, type FoundHolder } from './sql/find-holders.sql.js';

const MOST_HITS = 20;
const SHOWN = {
  claims: { where: { parentClaimId: null }, take: 1 },
} as const satisfies Prisma.HolderInclude;
type ShownHolder = Prisma.HolderGetPayload<{ include: typeof SHOWN }>;

/** One box for everything that a caller may say of themselves. */
@Injectable()
export class HolderSearch {
  constructor(private readonly database: Database) {}

  /** At most twenty, each saying why. Errors: claim_no_mistyped. */
  search(actor: Actor, q: string): Promise<HolderSearchView> {
    const question = readQuestion(q);
    return this.database.consistentRead(async (tx) => {
      const found = await this.find(tx, question);
      // Better to hear at once that a digit is wrong than that nobody was found.
      if (found.length === 0 && question.mistypedClaimNo) throw new ClaimNoMistyped();
      const hits = found.slice(0, MOST_HITS);
      return { items: await this.show(tx, actor, hits), hint: hintFor(question, found.length) };
    });
  }

  /** Numbers first, then what is or begins so, and only if that leaves room what sounds alike; one more than is shown. */
  private async find(tx: Tx, question: Question): Promise<FoundHolder[]> {
    const byNumber = await this.byNumber(tx, question);
    if (byNumber.length > 0) return byNumber;
    const [plain, similar] = [
      question.probes.filter(({ how }) => how !== 'similar'),
      question.probes.filter(({ how }) => how === 'similar'),
    ];
    if (plain.length === 0) return [];
    const found = await tx.$queryRaw<FoundHolder[]>(findHolders(question, plain, MOST_HITS + 1));
    if (found.length > 0 || similar.length === 0) return found;
    await tx.$queryRaw`SELECT set_config('pg_trgm.similarity_threshold', ${SIMILARITY}, true)`;
    return tx.$queryRaw<FoundHolder[]>(findHolders(question, similar, MOST_HITS + 1));
  }

  private async byNumber(tx: Tx, { customerNo, claimNo }: Question): Promise<FoundHolder[]> {
    const holder = customerNo && (await tx.holder.findUnique({ where: { customerNo }, select: { id: true } }));
    if (holder) return [{ holderId: holder.id, reason: 'customer_no' }];
    const claim = claimNo && (await tx.claim.findUnique({ where: { claimNo }, select: { holderId: true } }));
    return claim ? [{ holderId: claim.holderId, reason: 'claim_no' }] : [];
  }

  private async show(tx: Tx, actor: Actor, found: readonly FoundHolder[]): Promise<FoundHolderView[]> {
    const rows = await tx.holder.findMany({
      where: { id: { in: found.map(({ holderId }) => holderId) } },
      include: SHOWN,
    });
    const own = await tx.$queryRaw<{ customerNo: string }[]>`
      SELECT customer_no AS "customerNo" FROM staff_interest WHERE staff_id = ${actor.id}::uuid`;
    const byId = new Map(rows.map((row) => [row.id, row]));
    return found.flatMap(({ holderId, reason }) => {
      const row = byId.get(holderId);
      if (!row) return [];
      const isOwn = own.some(({ customerNo }) => customerNo === row.customerNo);
      const matched = { code: reason, text: MATCH_TEXTS[reason] };
      return [{ customerNo: row.customerNo, matched, own: isOwn, ...(isOwn ? HIDDEN : shown(row)) }];
    });
  }
}

const HIDDEN = { name: null, nameKana: null, email: null, phone: null, claim: null };

function shown({
  name,
  nameKana,
  email,
  phone,
  claims: [claim],
}: ShownHolder): Omit<FoundHolderView, 'customerNo' | 'matched' | 'own'> {
  return {
    name: maskName(name),
    nameKana: maskName(nameKana),
    email: maskEmail(email),
    phone: maskPhone(phone),
    claim: claim
      ? {
          claimNo: claim.claimNo,
          status: claim.status,
          underReview: claim.held,
          amountJpy: claim.amountJpy.toString(),
        }
      : null,
  };
}

function hintFor({ probes, customerNo, claimNo }: Question, found: number): HolderSearchView['hint'] {
  if (found > MOST_HITS) return HINTS.narrow;
  if (found > 0) return null;
  return probes.length === 0 && claimNo === null && customerNo !== null && /^\d{1,4}$/.test(customerNo)
    ? HINTS.addName
    : HINTS.nobody;
}
