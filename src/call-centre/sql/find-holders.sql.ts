import type { Pool } from 'pg';
import type { ClaimState } from '../../claim/claim.state.js';
import { Prisma, type ContactChannel } from '../../platform/database/prisma.js';
import type { Actor } from '../../platform/http/request-context.js';
import { MATCH_REASONS, type MatchReason, type Probe, type Question } from '../search-question.js';

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

/**
 * Holders by some of the probes, best reason first, at most `limit`. Each probe is a range of one index and ends after `limit`
 * rows in the order of that index; with digits beside a name the rows of the range are compared with them as they are read.
 * What sounds alike is what pg_trgm takes for similar: three tenths of the three-sound pieces.
 */
export function findHolders(question: Question, probes: readonly Probe[], limit: number): Prisma.Sql {
  const branches = probes.map((probe) => branch(question, probe, limit));
  return Prisma.sql`
    SELECT found.holder_id, (array_agg(found.reason ORDER BY found.rank))[1] AS reason, min(found.rank) AS rank, max(found.alike) AS alike
    FROM (${Prisma.join(branches, ' UNION ALL ')}) AS found
    GROUP BY found.holder_id ORDER BY min(found.rank), max(found.alike) DESC, found.holder_id LIMIT ${limit}`;
}

/** The one holder of a customer number, else of a claim number. */
export function findByNumber(customerNo: string | null, claimNo: string | null): Prisma.Sql {
  return Prisma.sql`
    SELECT id AS holder_id, 'customer_no' AS reason, 0 AS rank, 1::real AS alike FROM holder WHERE customer_no = ${customerNo}
    UNION ALL SELECT holder_id, 'claim_no', 1, 1::real FROM claim WHERE claim_no = ${claimNo}
    ORDER BY rank LIMIT 1`;
}

/** What one of the queries above finds, with what is shown of it: one statement and so one instant. Locks nothing. */
export async function readFound(
  statements: Pool,
  { id: staffId, role }: Actor,
  found: Prisma.Sql,
): Promise<FoundHolder[]> {
  const { text, values } = Prisma.sql`
    SELECT f.reason, h.customer_no, h.name, h.name_kana, h.email, h.phone, c.claim_no, c.status, c.held, c.amount_jpy::text,
           l.opened_at AS contact_at, l.channel::text AS contact_channel,
           EXISTS (SELECT FROM staff_interest i WHERE i.staff_id = ${staffId}::uuid AND i.customer_no = h.customer_no) AS own
    FROM (${found}) AS f JOIN holder h ON h.id = f.holder_id
    LEFT JOIN claim c ON c.holder_id = h.id AND c.parent_claim_id IS NULL
    LEFT JOIN LATERAL (SELECT opened_at, channel FROM contact WHERE holder_id = h.id AND (NOT confidential OR ${role} = 'compliance')
                       ORDER BY id DESC LIMIT 1) AS l ON true
    ORDER BY f.rank, f.alike DESC, f.holder_id`;
  return (await statements.query<FoundHolder>(text, values)).rows;
}

function branch(question: Question, { reason, column, how, value }: Probe, limit: number): Prisma.Sql {
  const key = Prisma.raw(`k.${column}`);
  const matches = {
    exact: Prisma.sql`${key} = ${value}`,
    prefix: Prisma.sql`${key} LIKE ${`${escaped(value)}%`}`,
    similar: Prisma.sql`${key} % ${value}`,
  }[how];
  const alike = how === 'similar' ? Prisma.sql`similarity(${key}, ${value})` : Prisma.sql`1::real`;
  const order = { exact: Prisma.sql`k.holder_id`, prefix: key, similar: Prisma.sql`alike DESC, k.holder_id` }[how];
  const rank = MATCH_REASONS.indexOf(reason);
  return Prisma.sql`
    (SELECT k.holder_id, ${reason}::text AS reason, ${rank}::int AS rank, ${alike} AS alike
     FROM holder_search_key k
     WHERE ${matches} ${narrowing(question)} ORDER BY ${order} LIMIT ${limit})`;
}

/** The birthday is read for each row of the range by itself: joined, the planner would read all holders for a common name. */
function narrowing({ fourDigits, birthDate }: Question): Prisma.Sql {
  const born = (pattern: string) =>
    Prisma.sql`(SELECT to_char(h.birth_date, ${pattern}) FROM holder h WHERE h.id = k.holder_id)`;
  const four =
    fourDigits === null
      ? Prisma.empty
      : Prisma.sql`AND (right(k.phone_key, 4) = ${fourDigits} OR ${born('MMDD')} = ${fourDigits})`;
  const whole = birthDate === null ? Prisma.empty : Prisma.sql`AND ${born('YYYYMMDD')} = ${birthDate}`;
  return Prisma.sql`${four} ${whole}`;
}

/** What a caller says is text, also where LIKE would take it for a pattern. */
function escaped(value: string): string {
  return value.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
