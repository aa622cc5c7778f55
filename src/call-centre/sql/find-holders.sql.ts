import type { Pool } from 'pg';
import type { ClaimState } from '../../claim/claim.state.js';
import { Prisma, type ContactChannel } from '../../platform/database/prisma.js';
import type { Actor } from '../../platform/http/request-context.js';
import { prepared } from '../../platform/database/prepared.js';
import { MATCH_REASONS, type MatchReason, type Question } from '../search-question.js';

/** A hit as the database has it; the claim's columns are null together. */
export interface FoundHolder {
  readonly reason: MatchReason;
  readonly customer_no: string;
  readonly name: string | null;
  readonly name_kana: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly claim_no: string | null;
  readonly status: ClaimState | null;
  readonly held: boolean | null;
  readonly amount_jpy: string | null;
  /** The last call or mail that the person who asks may know of; null together. */
  readonly contact_at: Date | null;
  readonly contact_channel: ContactChannel | null;
  /** Of the person who asks, or of a relative. */
  readonly own: boolean;
}

/** Stands behind every beginning: a range that a prepared statement can look up, where LIKE would have to be planned each time. */
const LAST_CHARACTER = '\u{10FFFF}';

/**
 * Holders whose keys are or begin so, best reason first, at most `limit`. Each probe is a range of one index and ends after
 * `limit` rows in its order; with digits beside a name the rows of the range are compared with them as they are read.
 */
export function findHolders(question: Question, limit: number): Prisma.Sql {
  const branches = question.probes.map(({ column, value, equal, begins }) => {
    const key = Prisma.raw(`k.${column}`);
    const rank = Prisma.sql`CASE WHEN ${key} = ${value} THEN ${rankOf(equal)} ELSE ${rankOf(begins)} END`;
    return Prisma.sql`
      (SELECT k.holder_id, ${rank} AS rank FROM holder_search_key k ${narrowedBy(question)}
       WHERE ${key} >= ${value} AND ${key} < ${value + LAST_CHARACTER} ORDER BY ${key} LIMIT ${literal(limit)})`;
  });
  return Prisma.sql`
    SELECT holder_id, min(rank) AS rank, 1::real AS alike FROM (${Prisma.join(branches, ' UNION ALL ')}) AS found
    GROUP BY holder_id ORDER BY rank, holder_id LIMIT ${literal(limit)}`;
}

/**
 * Holders whose reading is what pg_trgm takes for similar, three tenths of the three-sound pieces; the most alike first. Null
 * when too little was said to be compared so.
 */
export function findSimilar(question: Question, limit: number): Prisma.Sql | null {
  if (question.sounds.length === 0) return null;
  const branches = question.sounds.map(
    (sound) => Prisma.sql`
      (SELECT k.holder_id, similarity(k.reading_key, ${sound}) AS alike FROM holder_search_key k ${narrowedBy(question)}
       WHERE k.reading_key % ${sound} ORDER BY alike DESC, k.holder_id LIMIT ${literal(limit)})`,
  );
  return Prisma.sql`
    SELECT holder_id, ${rankOf('reading_is_similar')} AS rank, max(alike) AS alike
    FROM (${Prisma.join(branches, ' UNION ALL ')}) AS found
    GROUP BY holder_id ORDER BY alike DESC, holder_id LIMIT ${literal(limit)}`;
}

/** The one holder of a customer number, else of a claim number. */
export function findByNumber(customerNo: string | null, claimNo: string | null): Prisma.Sql {
  return Prisma.sql`
    SELECT id AS holder_id, ${rankOf('customer_no')} AS rank, 1::real AS alike FROM holder WHERE customer_no = ${customerNo}
    UNION ALL SELECT holder_id, ${rankOf('claim_no')}, 1::real FROM claim WHERE claim_no = ${claimNo}
    ORDER BY rank LIMIT 1`;
}

/** What one of the queries above finds, with what is shown of it: one statement and so one instant. Locks nothing. */
export async function readFound(
  statements: Pool,
  { id: staffId, role }: Actor,
  found: Prisma.Sql,
): Promise<FoundHolder[]> {
  const query = Prisma.sql`
    SELECT f.rank, h.customer_no, h.name, h.name_kana, h.email, h.phone, c.claim_no, c.status, c.held, c.amount_jpy::text,
           l.opened_at AS contact_at, l.channel::text AS contact_channel,
           EXISTS (SELECT FROM staff_interest i WHERE i.staff_id = ${staffId}::uuid AND i.customer_no = h.customer_no) AS own
    FROM (${found}) AS f JOIN holder h ON h.id = f.holder_id
    LEFT JOIN claim c ON c.holder_id = h.id AND c.parent_claim_id IS NULL
    LEFT JOIN LATERAL (SELECT opened_at, channel FROM contact WHERE holder_id = h.id AND (NOT confidential OR ${role} = 'compliance')
                       ORDER BY id DESC LIMIT 1) AS l ON true
    ORDER BY f.rank, f.alike DESC, f.holder_id`;
  const { rows } = await statements.query<Omit<FoundHolder, 'reason'> & { rank: number }>(prepared('search', query));
  return rows.flatMap(({ rank, ...row }) => {
    const reason = MATCH_REASONS[rank];
    return reason === undefined ? [] : [{ ...row, reason }];
  });
}

/** The better the reason, the lower. A literal, as every number here that is the same for each question: it is planned with. */
const rankOf = (reason: MatchReason): Prisma.Sql => literal(MATCH_REASONS.indexOf(reason));

const literal = (number: number): Prisma.Sql => Prisma.raw(String(Math.trunc(number)));

/** Only digits beside a name need the holders themselves to be read. */
function narrowedBy({ fourDigits, birthDate }: Question): Prisma.Sql {
  if (fourDigits === null && birthDate === null) return Prisma.empty;
  const four =
    fourDigits === null
      ? Prisma.sql`true`
      : Prisma.sql`(right(k.phone_key, 4) = ${fourDigits} OR to_char(h.birth_date, 'MMDD') = ${fourDigits})`;
  const whole = birthDate === null ? Prisma.sql`true` : Prisma.sql`to_char(h.birth_date, 'YYYYMMDD') = ${birthDate}`;
  return Prisma.sql`JOIN holder h ON h.id = k.holder_id AND ${four} AND ${whole}`;
}
