import type pg from 'pg';
import type { Finding } from '../finding.js';

/** The newest link of the audit chain that was seen; no hash before the first look. */
export interface ChainHead {
  readonly seq: bigint;
  readonly hash: string | null;
}

interface Link {
  readonly seq: string;
  readonly hash: string;
  readonly follows: boolean;
}

/** However long the watch was away, a round ends; the next ones walk on. */
const MOST_LINKS = 10_000;

/**
 * The audit chain only grows: is the link that was seen as the newest still what it was, and does each newer one follow the
 * one before it and have its event? Answers the head now. Locks nothing; contents are verified by `audit:verify`.
 */
export async function compareChain(
  client: pg.ClientBase,
  seen: ChainHead,
): Promise<{ readonly head: ChainHead; readonly findings: Finding[] }> {
  const { rows } = await client.query<Link>(LINKS, [seen.seq.toString(), MOST_LINKS]);
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last || BigInt(first.seq) !== seen.seq || (seen.hash !== null && first.hash !== seen.hash)) {
    return { head: await newest(client), findings: [finding('audit_trail_shrank', seen.seq.toString())] };
  }
  return {
    head: { seq: BigInt(last.seq), hash: last.hash },
    findings: rows.filter(({ follows }) => !follows).map(({ seq }) => finding('audit_trail_broken', seq)),
  };
}

const LINKS = `
  SELECT link.seq, encode(link.hash, 'hex') AS hash,
         (link.seq = $1::bigint OR (link.previous_hash = lag(link.hash) OVER by_seq AND link.seq = lag(link.seq) OVER by_seq + 1) IS TRUE)
           AND (link.event_id IS NULL OR EXISTS (SELECT FROM audit_event e WHERE e.id = link.event_id)) AS follows
  FROM (SELECT seq, event_id, previous_hash, hash FROM audit_chain WHERE seq >= $1::bigint ORDER BY seq LIMIT $2) AS link
  WINDOW by_seq AS (ORDER BY link.seq) ORDER BY link.seq`;

async function newest(client: pg.ClientBase): Promise<ChainHead> {
  const { rows } = await client.query<{ seq: string; hash: string }>(
    `SELECT seq, encode(hash, 'hex') AS hash FROM audit_chain ORDER BY seq DESC LIMIT 1`,
  );
  return { seq: BigInt(rows[0]?.seq ?? 0), hash: rows[0]?.hash ?? null };
}

function finding(kind: 'audit_trail_shrank' | 'audit_trail_broken', seq: string): Finding {
  return { kind, subject: `link:${seq}`, evidence: { seq } };
}
