import pg from 'pg';
import { withClient } from '../platform/database/roles.js';

const LABEL = '偽造';

/** Somebody who owns the database: no guard, no trigger and no privilege stands in the way. For a demo's database only. */
export class Forger {
  private constructor(
    private readonly databaseUrl: string,
    private readonly session: pg.Client,
  ) {}

  /** Holds on to the last claim of a batch, so that its chunk is still under way while the forgery is made. */
  static async holdOn(databaseUrl: string, batchId: string): Promise<Forger> {
    const session = new pg.Client({ connectionString: databaseUrl });
    session.on('error', () => undefined);
    await session.connect();
    await session.query('BEGIN');
    await session.query(
      `SELECT FROM claim WHERE id = (SELECT max(claim_id) FROM credit_batch_item WHERE batch_id = $1) FOR NO KEY UPDATE`,
      [batchId],
    );
    return new Forger(databaseUrl, session);
  }

  /** A credit of a million yen to some wallet, for no item of any batch. */
  async forge(): Promise<void> {
    await withClient(this.databaseUrl, (client) =>
      client.query(`
        SET session_replication_role = replica;
        INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
        SELECT 'credit', (SELECT id FROM ledger_account WHERE kind = 'approved_uncredited' AND holder_id IS NULL), c.wallet_account_id, 1000000, c.id, current_date, '${LABEL}'
        FROM claim c WHERE NOT EXISTS (SELECT FROM credit_batch_item i WHERE i.claim_id = c.id) ORDER BY c.id LIMIT 1`),
    );
  }

  async letGo(): Promise<void> {
    await this.session.end();
  }

  /** What an operator does who has seen what it is. */
  static async repair(databaseUrl: string): Promise<void> {
    await withClient(databaseUrl, (client) =>
      client.query(`SET session_replication_role = replica; DELETE FROM ledger_transfer WHERE label = '${LABEL}'`),
    );
  }
}
