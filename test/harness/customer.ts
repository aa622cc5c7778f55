import { CustomerSessions } from '../../src/identity/customer-sessions.js';
import { Database } from '../../src/platform/database/database.js';
import type { TestApp } from './app.js';

/** A customer's access token, as after a sign-in by code; the customer is made if there is none with this number. */
export async function customerToken(server: TestApp, customerNo: string): Promise<string> {
  await server.database.asSuperuser(
    `INSERT INTO holder (customer_no, kind, country, language, account_status, identity_status)
     VALUES ($1, 'individual', 'JP', 'ja', 'open', 'none') ON CONFLICT DO NOTHING`,
    [customerNo],
  );
  const [row] = await server.database.asSuperuser<{ id: string }>('SELECT id FROM holder WHERE customer_no = $1', [
    customerNo,
  ]);
  const [database, sessions] = [server.app.get(Database), server.app.get(CustomerSessions, { strict: false })];
  const origin = { requestId: 'a-test', address: '127.0.0.1', device: null };
  const tokens = await database.transaction((tx) => sessions.open(tx, origin, BigInt(row?.id ?? 0), 'code'));
  return tokens.accessToken;
}
