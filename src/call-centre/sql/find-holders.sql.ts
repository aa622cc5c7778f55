import { Prisma } from '../../platform/database/prisma.js';
import { MATCH_REASONS, type MatchReason, type Probe, type Question } from '../search-question.js';

export interface FoundHolder {
  readonly holderId: bigint;
  readonly reason: MatchReason;
}

/** More alike than this share of their three-sound pieces. */
export const SIMILARITY = '0.3';

/**
 * Holders by some of the probes, best reason first, at most `limit`. Each probe is a range of one index and ends after `limit`
 * rows in the order of that index; with digits beside a name the rows of the range are compared with them as they are read.
 * Locks nothing.
 */
export function findHolders(question: Question, probes: readonly Probe[], limit: number): Prisma.Sql {
  const branches = probes.map((probe) => branch(question, probe, limit));
  return Prisma.sql`
    SELECT found.holder_id AS "holderId", (array_agg(found.reason ORDER BY found.rank))[1] AS reason
    FROM (${Prisma.join(branches, ' UNION ALL ')}) AS found
    GROUP BY found.holder_id ORDER BY min(found.rank), max(found.alike) DESC, found.holder_id LIMIT ${limit}`;
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
     FROM holder_search_key k JOIN holder h ON h.id = k.holder_id
     WHERE ${matches} ${narrowing(question)} ORDER BY ${order} LIMIT ${limit})`;
}

function narrowing({ fourDigits, birthDate }: Question): Prisma.Sql {
  const four =
    fourDigits === null
      ? Prisma.empty
      : Prisma.sql`AND (right(k.phone_key, 4) = ${fourDigits} OR to_char(h.birth_date, 'MMDD') = ${fourDigits})`;
  const whole = birthDate === null ? Prisma.empty : Prisma.sql`AND to_char(h.birth_date, 'YYYYMMDD') = ${birthDate}`;
  return Prisma.sql`${four} ${whole}`;
}

/** What a caller says is text, also where LIKE would take it for a pattern. */
function escaped(value: string): string {
  return value.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
