import { linkHash, type Columns } from './chain-hash.js';
import { Mismatch } from './mismatch.js';
import type { ReadOnlyCopy } from './read-only-copy.js';

/** Where a chain stands: its number of links and the hash of the last. */
export interface Head {
  readonly seq: bigint;
  readonly hash: string;
}

export interface WalkedChain {
  /** The hash of the first link, by which one installation's chain is told from another's. */
  readonly chainId: string;
  readonly head: Head;
}

const microseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;

const EVENT_COLUMNS = `e.id::text, ${microseconds('e.occurred_at')}, e.actor_id, e.actor_role, e.action, e.subject_type, e.subject_id, e.request_id,
  e.before::text, e.after::text, e.row_count::text, e.sum_jpy::text, e.confidential::text, e.rows_digest`;
const ROWS_COLUMNS = `r.id::text, ${microseconds('r.written_at')}, r.table_name, r.row_ids::text, r.subject_id, r.row_count::text, r.rows_digest, r.only_row`;
const LINK_COLUMNS = 5;
const EVENT_COLUMN_COUNT = 14;

const LINKS = `
  SELECT c.seq::text, c.event_id::text, c.rows_id::text, encode(c.previous_hash, 'hex'), encode(c.hash, 'hex'), ${EVENT_COLUMNS}, ${ROWS_COLUMNS}
  FROM audit_chain c LEFT JOIN audit_event e ON e.id = c.event_id LEFT JOIN audit_rows r ON r.id = c.rows_id
  ORDER BY c.seq`;

/**
 * Recomputes every link from the columns of what it stands for. `expect` is asked at each link whether something is known
 * of it from elsewhere, such as a signed head. Errors: Mismatch.
 */
export async function walkChain(copy: ReadOnlyCopy, expect: (head: Head) => Promise<void>): Promise<WalkedChain> {
  let chainId: string | null = null;
  let head: Head | null = null;
  for await (const row of copy.rows(LINKS)) {
    const [seqText, eventId, rowsId, previousHash, hash] = row as [
      string,
      string | null,
      string | null,
      string,
      string,
    ];
    const seq = BigInt(seqText);
    if (head === null) {
      if (seq !== 0n || eventId !== null || rowsId !== null)
        throw new Mismatch(
          `The chain does not begin with its first link, but with link ${seq}: its beginning was removed.`,
        );
      chainId = hash;
    } else {
      const missing: bigint = head.seq + 1n;
      if (seq !== missing) throw new Mismatch(`Link ${missing} is missing: after link ${head.seq} comes link ${seq}.`);
      if (previousHash !== head.hash) throw new Mismatch(`Link ${seq} does not carry the hash of link ${head.seq}.`);
      checkLink(seq, previousHash, hash, eventId, rowsId, row.slice(LINK_COLUMNS));
    }
    head = { seq, hash };
    await expect(head);
  }
  if (head === null || chainId === null) throw new Mismatch('There is no chain: not even its first link is there.');
  await assertNothingUnchained(copy);
  return { chainId, head };
}

function checkLink(
  seq: bigint,
  previousHash: string,
  hash: string,
  eventId: string | null,
  rowsId: string | null,
  columns: Columns,
): void {
  const event = columns.slice(0, EVENT_COLUMN_COUNT);
  const rows = columns.slice(EVENT_COLUMN_COUNT);
  const content = eventId === null ? rows : event;
  const [kind, name] =
    eventId === null ? (['audit_rows', `Rows ${rowsId}`] as const) : (['audit_event', `Event ${eventId}`] as const);
  if (content[0] === null)
    throw new Mismatch(`${name} is missing: link ${seq} stands for it, and it was removed from ${kind}.`);
  if (linkHash(kind, seq, previousHash, content) !== hash)
    throw new Mismatch(
      `${name}${eventId === null ? '' : describe(event)} was changed: it does not have the hash in its link ${seq}.`,
    );
}

/** What is told of an event; of confidential ones only that they are. */
function describe([, occurredAt, , , action, subjectType, subjectId, , , , , , confidential]: Columns): string {
  if (confidential === 'true') return ' (confidential)';
  const at = new Date(Number(BigInt(occurredAt ?? 0) / 1000n)).toISOString();
  return ` (${action} of ${subjectType} ${subjectId}, ${at})`;
}

/** Whatever was written past the triggers has no link. */
async function assertNothingUnchained(copy: ReadOnlyCopy): Promise<void> {
  const event = await copy.first(
    `SELECT ${EVENT_COLUMNS} FROM audit_event e WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE c.event_id = e.id) ORDER BY e.id LIMIT 1`,
  );
  if (event)
    throw new Mismatch(
      `Event ${event[0]}${describe(event)} is not in the chain: it was written past its triggers, or its link was removed.`,
    );
  const rows = await copy.first(
    `SELECT r.id::text FROM audit_rows r WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE c.rows_id = r.id) ORDER BY r.id LIMIT 1`,
  );
  if (rows)
    throw new Mismatch(
      `Rows ${rows[0]} are not in the chain: they were noted past its triggers, or their link was removed.`,
    );
}
