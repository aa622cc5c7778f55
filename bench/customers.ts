import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CustomerTokens } from '../src/identity/customer-tokens.js';
import { Config, readSettings } from '../src/platform/config/config.js';
import type { World } from './world.js';

/** A customer who is signed in. */
export interface SignedIn {
  readonly holderId: string;
  readonly headers: { readonly Authorization: string };
}

/** So many customers, drawn at random, as after a sign-in by code: their sessions are there and their tokens are real ones. */
export async function signedIn({ sql, demo, databaseUrl }: World, count: number): Promise<SignedIn[]> {
  const tokenSecret = await readFile(join(demo.folder, 'token-secret'), 'utf8');
  const tokens = new CustomerTokens(new Config(readSettings({}), { databaseUrl, tokenSecret }));
  const { rows } = await sql.query<{ id: string; holder_id: string }>(
    `INSERT INTO customer_session (holder_id) SELECT holder_id FROM claim ORDER BY random() LIMIT $1 RETURNING id, holder_id`,
    [count],
  );
  return Promise.all(
    rows.map(async ({ id, holder_id: holderId }) => {
      const token = await tokens.issue({ holderId: BigInt(holderId), sessionId: id });
      return { holderId, headers: { Authorization: `Bearer ${token}` } };
    }),
  );
}
