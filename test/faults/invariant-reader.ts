import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';

/** Each answers how many rows break it; each is one statement, so one instant of the database. */
const INVARIANTS: Readonly<Record<string, string>> = {
  'all balances together are zero': `SELECT (sum(balance_jpy) <> 0)::int AS broken FROM ledger_account`,
  'no account but own funds is below zero': `SELECT count(*) AS broken FROM ledger_account WHERE balance_jpy < 0 AND kind <> 'own_funds'`,
  'every balance is the sum of its transfers': `
    SELECT count(*) AS broken FROM ledger_account a
    LEFT JOIN (SELECT id, sum(amount_jpy) AS amount_jpy FROM (
        SELECT credit_account_id AS id, amount_jpy FROM ledger_transfer UNION ALL SELECT debit_account_id, -amount_jpy FROM ledger_transfer) AS both_sides
      GROUP BY id) AS moved ON moved.id = a.id
    WHERE a.balance_jpy <> coalesce(moved.amount_jpy, 0)`,
  'no claim is credited twice': `
    SELECT count(*) AS broken FROM (SELECT FROM ledger_transfer WHERE kind = 'credit' GROUP BY reference_id HAVING count(*) > 1) AS twice`,
  'credited claims and credits are the same, in amount and wallet': `
    SELECT count(*) AS broken FROM (SELECT id, amount_jpy, wallet_account_id FROM claim WHERE status = 'credited') AS c
    FULL JOIN (SELECT reference_id, amount_jpy, credit_account_id FROM ledger_transfer WHERE kind = 'credit') AS t
      ON t.reference_id = c.id AND t.amount_jpy = c.amount_jpy AND t.credit_account_id = c.wallet_account_id
    WHERE c.id IS NULL OR t.reference_id IS NULL`,
  'a batch has done what its items say': `
    SELECT count(*) AS broken FROM credit_batch b
    JOIN (SELECT batch_id, count(t.id) AS credited FROM credit_batch_item i
          LEFT JOIN ledger_transfer t ON t.kind = 'credit' AND t.reference_id = i.claim_id AND i.skip_reason IS NULL GROUP BY batch_id) AS done
      ON done.batch_id = b.id
    WHERE b.credited_count <> done.credited`,
};
/**
 * From one look to the next a claim, and with it what its customer reads, goes along these steps or several of them, and
 * never back: nobody withdraws or reopens anything here.
 */
const STEPS = `SELECT id, status FROM claim`;
const FORWARD: Readonly<Record<string, readonly string[]>> = {
  pending: ['pending', 'approved', 'rejected', 'credited'],
  approved: ['approved', 'credited'],
  rejected: ['rejected'],
  credited: ['credited'],
};
const AGAIN_MS = 100;

/** Looks at a database with SQL of its own, past the program, as long as faults go on. */
export class InvariantReader {
  reads = 0;
  readonly violations: string[] = [];
  private readonly reached = new Map<string, string>();
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(private readonly url: () => string) {
    this.running = this.run();
  }

  /** One last look after everything has come to rest, and no more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.look();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      // The database is killed as well; then there is nothing to see until it is back.
      await this.look().catch(() => pause(AGAIN_MS));
    }
  }

  private async look(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url(),
      connectionTimeoutMillis: 5_000,
      query_timeout: 20_000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      do await this.readOnce(client);
      while (!this.stopping.signal.aborted);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async readOnce(client: pg.Client): Promise<void> {
    for (const [invariant, sql] of Object.entries(INVARIANTS)) {
      const { rows } = await client.query<{ broken: string }>(sql);
      this.reads += 1;
      if (Number(rows[0]?.broken) !== 0) this.violations.push(`${invariant}: broken by ${rows[0]?.broken}`);
    }
    const { rows } = await client.query<{ id: string; status: string }>(STEPS);
    this.reads += 1;
    for (const { id, status } of rows) {
      const before = this.reached.get(id) ?? 'pending';
      if (!FORWARD[before]?.includes(status)) this.violations.push(`claim ${id} was ${before} and is ${status}`);
      this.reached.set(id, status);
    }
  }
}
