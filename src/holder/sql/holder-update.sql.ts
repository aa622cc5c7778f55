import type pg from 'pg';
import type { Tx } from '../../platform/database/database.js';

/** Where rows are copied to: a table of this connection alone, gone with the transaction, and never written to the log. */
export const CREATE_PERSON_STAGING = `
  CREATE TEMP TABLE staged_person (
    line_no bigint, customer_no text, kind holder_kind, name text, name_kana text, email text, phone text, birth_date date, country char(2),
    language holder_language, account_status account_status, identity_status identity_status,
    name_key text, given_name_key text, reading_key text, given_reading_key text, email_key text, phone_key text
  ) ON COMMIT DROP`;

export const COPY_PERSON_STAGING = 'COPY staged_person FROM STDIN';

/** Named at the second and every further line. Capped: nobody reads more. */
export const PERSON_TWICE = `
  SELECT line_no, customer_no FROM (
    SELECT line_no, customer_no, row_number() OVER (PARTITION BY customer_no ORDER BY line_no) AS nth FROM staged_person) AS numbered
  WHERE nth > 1 ORDER BY line_no LIMIT 10000`;

/** Customers who are not here: listed, never added. */
export const LIST_UNKNOWN = `
  INSERT INTO holder_update_finding (holder_update_id, line_no, column_name, value, code)
  SELECT $1, line_no, 'customer_no', customer_no, 'customer_unknown' FROM staged_person s
  WHERE NOT EXISTS (SELECT FROM holder h WHERE h.customer_no = s.customer_no) ORDER BY line_no LIMIT 10000`;

const COLUMNS = [
  'kind',
  'name',
  'name_kana',
  'email',
  'phone',
  'birth_date',
  'country',
  'language',
  'account_status',
  'identity_status',
];
const KEYS = ['name_key', 'given_name_key', 'reading_key', 'given_reading_key', 'email_key', 'phone_key'];
const list = (prefix: string, names: readonly string[]) => names.map((name) => `${prefix}${name}`).join(', ');
const set = (names: readonly string[], from: string) => names.map((name) => `${name} = ${from}.${name}`).join(', ');

/** Holders who are here and would change, as they would be, with the digest of how they are now. */
export const KEEP_CHANGED = `
  INSERT INTO holder_update_row (holder_update_id, line_no, holder_id, ${list('', [...COLUMNS, ...KEYS])}, seen_digest)
  SELECT $1, s.line_no, h.id, ${list('s.', [...COLUMNS, ...KEYS])}, holder_digest(h)
  FROM staged_person s JOIN holder h ON h.customer_no = s.customer_no
  WHERE (${list('h.', COLUMNS)}) IS DISTINCT FROM (${list('s.', COLUMNS)})`;

/** What will change, in numbers, as it stands at this instant. */
export const COUNT_CHANGES = `
  SELECT (SELECT count(*) FROM staged_person) AS row_count, count(*) AS changed_count,
         (SELECT count(*) FROM staged_person s WHERE NOT EXISTS (SELECT FROM holder h WHERE h.customer_no = s.customer_no)) AS unknown_count,
         jsonb_build_object(${COLUMNS.map((name) => `'${name}', count(*) FILTER (WHERE h.${name} IS DISTINCT FROM r.${name})`).join(', ')}) AS changes
  FROM holder_update_row r JOIN holder h ON h.id = r.holder_id WHERE r.holder_update_id = $1`;

export interface ChangeCounts {
  readonly row_count: string;
  readonly changed_count: string;
  readonly unknown_count: string;
  readonly changes: Readonly<Record<string, number>>;
}

export async function countChanges(client: pg.PoolClient, id: string): Promise<ChangeCounts> {
  const { rows } = await client.query<ChangeCounts>(COUNT_CHANGES, [id]);
  if (!rows[0]) throw new Error('counting changes answered no row');
  return rows[0];
}

/**
 * Makes the holders of an update as its rows say, with their search keys, and lists whom it leaves out because they have
 * changed since it was checked. Locks all these holders in the order of their ids, so that nobody changes in between.
 * Answers how many were changed. Frozen claims, history and notices follow from the guards of holders.
 */
export async function applyUpdate(tx: Tx, id: string): Promise<bigint> {
  await tx.$executeRaw`
    SELECT FROM holder WHERE id IN (SELECT holder_id FROM holder_update_row WHERE holder_update_id = ${id}::uuid) ORDER BY id FOR NO KEY UPDATE`;
  await tx.$executeRaw`
    INSERT INTO holder_update_finding (holder_update_id, line_no, column_name, value, code)
    SELECT r.holder_update_id, r.line_no, 'customer_no', h.customer_no, 'changed_meanwhile'
    FROM holder_update_row r JOIN holder h ON h.id = r.holder_id
    WHERE r.holder_update_id = ${id}::uuid AND holder_digest(h) <> r.seen_digest ORDER BY r.line_no`;
  const [applied] = await tx.$queryRawUnsafe<{ count: bigint }[]>(
    `WITH applied AS (
       UPDATE holder h SET ${set(COLUMNS, 'r')} FROM holder_update_row r
       WHERE r.holder_update_id = $1::uuid AND h.id = r.holder_id AND holder_digest(h) = r.seen_digest
       RETURNING h.id
     ), found AS (
       INSERT INTO holder_search_key AS k (holder_id, ${list('', KEYS)})
       SELECT r.holder_id, ${list('r.', KEYS)} FROM holder_update_row r JOIN applied a ON a.id = r.holder_id WHERE r.holder_update_id = $1::uuid
       ON CONFLICT (holder_id) DO UPDATE SET ${set(KEYS, 'excluded')}
     )
     SELECT count(*) AS count FROM applied`,
    id,
  );
  return applied?.count ?? 0n;
}
