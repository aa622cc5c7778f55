import type { Pool } from 'pg';
import type { ClaimState } from '../../claim/claim.state.js';
import type { ContactChannel } from '../../platform/database/prisma.js';
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

/** One person's question. */
export interface AskedQuestion {
  readonly actor: Actor;
  readonly question: Question;
}

/** One more than is shown tells that there are more. */
export const MOST_FOUND = 21;

/**
 * What is compared for each question: a row per probe, with the ranks of a hit that is equal and of one that only begins so,
 * and the digits beside a name; and who asks.
 */
const ASKED = `
  asked AS MATERIALIZED (
    SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::text[])
      AS a(question, key, value, equal, begins, four_digits, birth_date)),
  askers AS MATERIALIZED (SELECT * FROM unnest($8::uuid[], $9::boolean[]) WITH ORDINALITY AS a(staff_id, sees_confidential, question)),
  interests AS MATERIALIZED (SELECT staff_id, customer_no FROM staff_interest WHERE staff_id = ANY($8::uuid[]))`;

/** The digits beside a name, where there are any, are the end of the phone number, or the day of birth. */
const NARROWED = `
  (a.four_digits IS NULL OR a.four_digits = right(k.phone_key, 4)
   OR a.four_digits = (SELECT to_char(h.birth_date, 'MMDD') FROM holder h WHERE h.id = k.holder_id))
  AND (a.birth_date IS NULL OR a.birth_date = (SELECT to_char(h.birth_date, 'YYYYMMDD') FROM holder h WHERE h.id = k.holder_id))`;

/**
 * The last character there is stands behind every beginning; a range can be looked up by a statement that is planned once.
 * Without digits beside the name the range itself ends after as many rows as are looked for, so that it is read in the order of
 * its index and never further; with them all of it may have to be looked through.
 */
const range = (key: Probe['column']) => `
  SELECT a.question, found.holder_id, CASE found.${key} WHEN a.value THEN a.equal ELSE a.begins END AS rank
  FROM asked a CROSS JOIN LATERAL (
    SELECT k.holder_id, k.${key} FROM (
      SELECT * FROM holder_search_key WHERE ${key} >= a.value AND ${key} < a.value || U&'\\+10FFFF'
      ORDER BY ${key} LIMIT CASE WHEN a.four_digits IS NULL AND a.birth_date IS NULL THEN ${MOST_FOUND} END) AS k
    WHERE ${NARROWED} ORDER BY k.${key} LIMIT ${MOST_FOUND}) AS found WHERE a.key = '${key}'`;

const RANGES = (
  ['name_key', 'given_name_key', 'reading_key', 'given_reading_key', 'email_key', 'phone_key'] as const
).map(range);

/** What is shown of the hits in their places, with the one neutral word for every hold and the last contact. */
const SHOWN = `
  SELECT f.question, (ARRAY['${MATCH_REASONS.join("', '")}'])[f.rank + 1] AS reason, h.customer_no, h.name, h.name_kana, h.email, h.phone, c.claim_no, c.status, c.held, c.amount_jpy::text,
         l.opened_at AS contact_at, l.channel::text AS contact_channel,
         (asker.staff_id, h.customer_no) IN (SELECT staff_id, customer_no FROM interests) AS own
  FROM placed f JOIN askers asker ON asker.question = f.question JOIN holder h ON h.id = f.holder_id
  LEFT JOIN claim c ON c.holder_id = h.id AND c.parent_claim_id IS NULL
  LEFT JOIN LATERAL (SELECT opened_at, channel FROM contact WHERE holder_id = h.id AND (NOT confidential OR asker.sees_confidential)
                     ORDER BY id DESC LIMIT 1) AS l ON true`;

/**
 * Holders by number, or whose keys are or begin so, best reason first: each probe is a range of one index and ends after so many
 * rows in its order. A holder found by a number is the only hit. For all questions that are asked at the same time at once.
 */
export const FIND_HOLDERS = `
  WITH ${ASKED},
  found AS (
    SELECT a.question, h.id AS holder_id, a.equal AS rank FROM asked a JOIN holder h ON h.customer_no = a.value WHERE a.key = 'customer_no'
    UNION ALL SELECT a.question, c.holder_id, a.equal FROM asked a JOIN claim c ON c.claim_no = a.value WHERE a.key = 'claim_no'
    UNION ALL ${RANGES.join(' UNION ALL ')}),
  best AS (SELECT question, holder_id, min(rank) AS rank FROM found GROUP BY question, holder_id),
  placed AS (
    SELECT *, row_number() OVER (PARTITION BY question ORDER BY rank, holder_id) AS place, min(rank) OVER (PARTITION BY question) AS first_rank
    FROM best)
  ${SHOWN} WHERE f.place <= ${MOST_FOUND} AND (f.place = 1 OR f.first_rank > ${rankOf('claim_no')}) ORDER BY f.question, f.place`;

/** Holders whose reading is what pg_trgm takes for similar, three tenths of the three-sound pieces; the most alike first. */
export const FIND_SIMILAR = `
  WITH ${ASKED},
  found AS (
    SELECT a.question, alike.holder_id, a.equal AS rank, alike.likeness
    FROM asked a CROSS JOIN LATERAL (
      SELECT k.holder_id, similarity(k.reading_key, a.value) AS likeness FROM holder_search_key k
      WHERE k.reading_key % a.value AND ${NARROWED} ORDER BY likeness DESC, k.holder_id LIMIT ${MOST_FOUND}) AS alike),
  best AS (SELECT question, holder_id, min(rank) AS rank, max(likeness) AS likeness FROM found GROUP BY question, holder_id),
  placed AS (SELECT *, row_number() OVER (PARTITION BY question ORDER BY likeness DESC, holder_id) AS place FROM best)
  ${SHOWN} WHERE f.place <= ${MOST_FOUND} ORDER BY f.question, f.place`;

/** The hits of each question, in their order, and of one instant. Locks nothing. */
export function findHolders(statements: Pool, asked: readonly AskedQuestion[]): Promise<FoundHolder[][]> {
  return read(statements, { name: 'find-holders', text: FIND_HOLDERS }, asked, ({ probes, customerNo, claimNo }) => [
    ...(customerNo === null ? [] : [{ key: 'customer_no', value: customerNo, equal: 'customer_no' } as const]),
    ...(claimNo === null ? [] : [{ key: 'claim_no', value: claimNo, equal: 'claim_no' } as const]),
    ...probes.map(({ column, ...probe }) => ({ key: column, ...probe })),
  ]);
}

/** The same by sound. */
export function findSimilar(statements: Pool, asked: readonly AskedQuestion[]): Promise<FoundHolder[][]> {
  return read(statements, { name: 'find-similar-holders', text: FIND_SIMILAR }, asked, ({ sounds }) =>
    sounds.map((value) => ({ key: 'sound', value, equal: 'reading_is_similar' })),
  );
}

interface Compared {
  readonly key: string;
  readonly value: string;
  readonly equal: MatchReason;
  readonly begins?: MatchReason;
}

async function read(
  statements: Pool,
  statement: { readonly name: string; readonly text: string },
  asked: readonly AskedQuestion[],
  comparedOf: (question: Question) => readonly Compared[],
): Promise<FoundHolder[][]> {
  const compared = asked.flatMap(({ question }, index) =>
    comparedOf(question).map((one) => ({ ...one, asked: question, question: index + 1 })),
  );
  const { rows } = await statements.query<FoundHolder & { readonly question: number }>({
    ...statement,
    values: [
      compared.map(({ question }) => question),
      compared.map(({ key }) => key),
      compared.map(({ value }) => value),
      compared.map(({ equal }) => rankOf(equal)),
      compared.map(({ equal, begins = equal }) => rankOf(begins)),
      compared.map(({ asked: { fourDigits } }) => fourDigits),
      compared.map(({ asked: { birthDate } }) => birthDate),
      asked.map(({ actor }) => actor.id),
      asked.map(({ actor }) => actor.role === 'compliance'),
    ],
  });
  const found: FoundHolder[][] = asked.map(() => []);
  for (const row of rows) found[row.question - 1]?.push(row);
  return found;
}

/** The better the reason, the lower. */
function rankOf(reason: MatchReason): number {
  return MATCH_REASONS.indexOf(reason);
}
