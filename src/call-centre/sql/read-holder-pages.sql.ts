import type { Pool } from 'pg';
import type { ShownClaim } from '../../claim/claim.repository.js';
import { CONTACTS_AT_HAND, contactsAtHand, type ContactsAtHand } from '../../contact/sql/contacts-at-hand.sql.js';
import { OBJECTIONS_OF_HOLDER, objectionsOfHolder } from '../../contact/sql/objections-of-holder.sql.js';
import type { ShownObjection } from '../../contact/present-objection.js';
import type { ShownRepresentative } from '../../holder/representatives.js';
import { REPRESENTATIVES_OF_HOLDER, representativesOfHolder } from '../../holder/sql/representatives-of-holder.sql.js';
import type { CreditBatch, Holder } from '../../platform/database/prisma.js';
import { Decimal } from '../../platform/decimal.js';
import type { Actor } from '../../platform/http/request-context.js';
import type { InJson } from '../../platform/json.js';

/** One person's question for one page. The number is written as customer numbers are. */
export interface AskedPage {
  readonly actor: Actor;
  readonly customerNo: string;
}

/** A claim with what stands in its way beside itself; none of that is looked for once it is credited. */
export type PageClaim = ShownClaim & {
  /** A second person's answer to a proposed decision waits. */
  readonly waiting: boolean;
  /** Held because the contact changed and is not verified anew. */
  readonly contactChanged: boolean;
  /** Held for whatever other reason. */
  readonly heldOtherwise: boolean;
  /** The batch is approved and waits for the signatures of several keys. */
  readonly signaturesMissing: boolean;
  /** The live batch, which is also the one that credited it. */
  readonly batch: PageBatch | null;
};

export type PageBatch = Pick<CreditBatch, 'id' | 'status' | 'label' | 'postingDate' | 'itemCount'> & {
  readonly seq: bigint;
};

/** A holder with everything that is shown of them. */
export type HolderRow = Pick<
  Holder,
  | 'customerNo'
  | 'kind'
  | 'name'
  | 'nameKana'
  | 'email'
  | 'phone'
  | 'country'
  | 'language'
  | 'accountStatus'
  | 'identityStatus'
> & {
  readonly claims: readonly PageClaim[];
  /** What the fund can still pay, in yen. */
  readonly fundJpy: bigint;
  readonly contacts: ContactsAtHand;
  readonly objections: readonly ShownObjection[];
  readonly representatives: readonly ShownRepresentative[];
};

/** As the database writes a claim. */
type FoundClaim = Omit<InJson<PageClaim>, 'quantityXem' | 'priceJpyPerXem' | 'holder'> & {
  readonly quantityXem: string;
  readonly priceJpyPerXem: string;
};

/** LIMIT keeps it a probe per claim: while nothing is known yet of a new batch, all its items would be read at once. */
const LIVE_BATCH = `
  SELECT b AS batch, i.seq FROM credit_batch_item i JOIN credit_batch b ON b.id = i.batch_id
  WHERE i.claim_id = c.id AND i.skip_reason IS NULL LIMIT 1`;

/** Runs that wait are few, and each is one multirange. */
const OBSTACLES = `
  SELECT EXISTS (SELECT FROM claim_proposal p WHERE p.claim_id = c.id AND p.status = 'proposed')
           OR EXISTS (SELECT FROM approval_run r WHERE r.status = 'proposed' AND r.claim_ids @> c.id) AS waiting,
         EXISTS (SELECT FROM claim_hold x WHERE x.claim_id = c.id AND x.status = 'active'
                   AND x.reason_code = 'contact_changed' AND x.placed_by IS NULL) AS contact_changed,
         EXISTS (SELECT FROM claim_hold x WHERE x.claim_id = c.id AND x.status = 'active'
                   AND (x.reason_code <> 'contact_changed' OR x.placed_by IS NOT NULL)) AS held_otherwise,
         coalesce(credit_batch_waits_for_signatures(live.batch), false) AS signatures_missing
  WHERE c.status <> 'credited'`;

const CLAIMS = `
  (SELECT json_agg(json_build_object('claimNo', c.claim_no, 'status', c.status, 'held', c.held, 'quantityXem', c.quantity_xem::text,
      'priceJpyPerXem', c.price_jpy_per_xem::text, 'roundingRule', c.rounding_rule, 'amountJpy', c.amount_jpy::text,
      'rateId', c.rate_id, 'createdAt', c.created_at,
      'batch', CASE WHEN live.seq IS NOT NULL THEN json_build_object('id', (live.batch).id::text, 'status', (live.batch).status,
                 'label', (live.batch).label, 'postingDate', (live.batch).posting_date, 'itemCount', (live.batch).item_count::text,
                 'seq', live.seq::text) END,
      'waiting', coalesce(o.waiting, false), 'contactChanged', coalesce(o.contact_changed, false),
      'heldOtherwise', coalesce(o.held_otherwise, false), 'signaturesMissing', coalesce(o.signatures_missing, false)) ORDER BY c.id)
   FROM claim c
   LEFT JOIN LATERAL (${LIVE_BATCH}) AS live ON true
   LEFT JOIN LATERAL (${OBSTACLES}) AS o ON true
   WHERE c.holder_id = asked.holder_id)`;

/**
 * The pages of these holders for whom they are read, each part by the room that keeps it, all of one instant; there is none
 * of one's own record and of a relative's. Everything is a probe of an index by the holder or one of their few claims. Locks nothing.
 */
export const READ_HOLDER_PAGES = `
  WITH asked AS MATERIALIZED (
    SELECT a.nth, a.staff_id, a.sees_confidential, h.id AS holder_id, h.customer_no, h.kind, h.name, h.name_kana, h.email, h.phone,
           h.country, h.language, h.account_status, h.identity_status
    FROM unnest($1::text[], $2::uuid[], $3::boolean[]) WITH ORDINALITY AS a(customer_no, staff_id, sees_confidential, nth)
    JOIN holder h ON h.customer_no = a.customer_no
    WHERE NOT EXISTS (SELECT FROM staff_interest i WHERE i.staff_id = a.staff_id AND i.customer_no = a.customer_no))
  SELECT nth::int, customer_no AS "customerNo", kind, name, name_kana AS "nameKana", email, phone, country, language,
         account_status AS "accountStatus", identity_status AS "identityStatus", ${CLAIMS} AS claims,
         (SELECT balance_jpy FROM ledger_account WHERE kind = 'compensation_fund' AND holder_id IS NULL)::text AS "fundJpy",
         ${CONTACTS_AT_HAND} AS contacts, ${OBJECTIONS_OF_HOLDER} AS objections, ${REPRESENTATIVES_OF_HOLDER} AS representatives
  FROM asked`;

type FoundPage = Omit<HolderRow, 'claims' | 'fundJpy' | 'contacts' | 'objections' | 'representatives'> & {
  readonly nth: number;
  readonly claims: readonly FoundClaim[] | null;
  readonly fundJpy: string | null;
  readonly contacts: unknown;
  readonly objections: unknown;
  readonly representatives: unknown;
};

/** In the order in which they were asked for; null where there is no page. */
export async function readHolderPages(statements: Pool, asked: readonly AskedPage[]): Promise<(HolderRow | null)[]> {
  const { rows } = await statements.query<FoundPage>({
    name: 'read-holder-pages',
    text: READ_HOLDER_PAGES,
    values: [
      asked.map(({ customerNo }) => customerNo),
      asked.map(({ actor }) => actor.id),
      asked.map(({ actor }) => actor.role === 'compliance'),
    ],
  });
  const pages = asked.map((): HolderRow | null => null);
  for (const row of rows) pages[row.nth - 1] = holderRow(row);
  return pages;
}

function holderRow(row: FoundPage): HolderRow {
  return {
    ...row,
    claims: (row.claims ?? []).map((claim) => pageClaim(claim, row)),
    fundJpy: BigInt(row.fundJpy ?? 0),
    contacts: contactsAtHand(row.contacts),
    objections: objectionsOfHolder(row.objections),
    representatives: representativesOfHolder(row.representatives),
  };
}

function pageClaim(claim: FoundClaim, holder: PageClaim['holder']): PageClaim {
  return {
    ...claim,
    holder,
    quantityXem: new Decimal(claim.quantityXem),
    priceJpyPerXem: new Decimal(claim.priceJpyPerXem),
    amountJpy: BigInt(claim.amountJpy),
    createdAt: new Date(claim.createdAt),
    batch: claim.batch && {
      ...claim.batch,
      id: BigInt(claim.batch.id),
      itemCount: BigInt(claim.batch.itemCount),
      seq: BigInt(claim.batch.seq),
      postingDate: new Date(claim.batch.postingDate),
    },
  };
}
