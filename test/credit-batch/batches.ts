import { randomUUID } from 'node:crypto';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { jstDate } from '../../src/platform/clock/jst.js';
import { CreditBatchExecution } from '../../src/credit-batch/credit-batch-execution.js';
import { createTestApp, type Answer, type TestApp } from '../harness/app.js';
import { arrangeProgramme, expectedAmountJpy } from '../harness/programme.js';
import { createStaff, staffToken } from '../harness/staff.js';

export interface Finance {
  readonly maker: string;
  readonly checker: string;
  readonly secondChecker: string;
}

export interface BatchBody {
  readonly id: string;
  readonly status: string;
  readonly itemCount: string;
  readonly totalJpy: string;
  readonly creditedCount: string;
  readonly creditedJpy: string;
  readonly skippedCount: string;
  readonly skippedJpy: string;
  readonly remainingCount: string;
  readonly pauseKind: string | null;
  readonly pauseReason: string | null;
  readonly postingDate: string;
  readonly contentHash: string | null;
  readonly possible: string[];
  readonly skipped: { reason: string; count: string; sumJpy: string }[];
  readonly approvalRequest: { id: string; status: string; requiredCheckers: number } | null;
  /** Of problems. */
  readonly code: string;
}

/** A server whose database holds approved claims of these quantities, one per customer C1, C2, … */
export interface BatchWorld {
  readonly server: TestApp;
  readonly finance: Finance;
  readonly amounts: readonly bigint[];
}

/** 1 to 5,000,000 millionths more for each, so that no two amounts are alike by accident and all are at least 88 yen. */
export function quantities(count: number): bigint[] {
  return Array.from(
    { length: count },
    (_, index) => 1_000_000n + BigInt((index * 7_919) % 5_003) * 1_000n * BigInt(index % 7 === 0 ? 40 : 1),
  );
}

/** Opening and approving are other rooms' work and tested there: claims are written approved, as superuser. */
export async function createBatchWorld(quantitiesMicroXem: readonly bigint[]): Promise<BatchWorld> {
  const server = await createTestApp();
  const amounts = quantitiesMicroXem.map(expectedAmountJpy);
  await arrangeProgramme(server.database, {
    quantitiesMicroXem,
    fundJpy: amounts.reduce((sum, amount) => sum + amount, 0n),
  });
  await server.database.asSuperuser(
    `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
     wallet AS (INSERT INTO ledger_account (kind, holder_id) SELECT 'customer_wallet', id FROM off, holder ORDER BY id RETURNING id, holder_id),
     opened AS (
       INSERT INTO claim (holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy, status, version)
       SELECT b.holder_id, b.id, r.id, w.id, b.quantity_xem, r.price_jpy_per_xem, r.rounding_rule, round_jpy(b.quantity_xem * r.price_jpy_per_xem, r.rounding_rule), 'approved', 1
       FROM off, frozen_balance b JOIN rate r ON true JOIN wallet w ON w.holder_id = b.holder_id ORDER BY b.id RETURNING id, amount_jpy),
     decided AS (
       INSERT INTO claim_decision (claim_id, version, decision, reason_code, decided_by)
       SELECT opened.id, 1, 'approve', 'balance_confirmed', staff.id FROM opened, staff WHERE staff.login = 'arranger')
     UPDATE ledger_account SET balance_jpy = CASE kind WHEN 'approved_uncredited' THEN (SELECT sum(amount_jpy) FROM opened) WHEN 'compensation_fund' THEN 0 ELSE balance_jpy END
     FROM off WHERE ledger_account.holder_id IS NULL`,
  );
  await server.database.asSuperuser('ANALYZE');
  return { server, finance: await createFinance(server), amounts };
}

async function createFinance(server: TestApp): Promise<Finance> {
  const [maker, checker, second] = await Promise.all([
    staffToken(server, 'finance_maker'),
    staffToken(server, 'finance_checker'),
    createStaff(server, 'finance_checker'),
  ]);
  return { maker: maker.token, checker: checker.token, secondChecker: second.token };
}

/** Asks under a key of its own. */
export function post<B = BatchBody>(server: TestApp, token: string, url: string, body?: unknown): Promise<Answer<B>> {
  return server.call<B>('POST', url, {
    token,
    ...(body === undefined ? {} : { body }),
    headers: { 'idempotency-key': randomUUID() },
  });
}

export async function show({ server, finance }: BatchWorld, id: string): Promise<BatchBody> {
  return (await server.call<BatchBody>('GET', `/v1/credit-batches/${id}`, { token: finance.maker })).body;
}

export function draft(
  { server, finance }: BatchWorld,
  filter: object = {},
  other: object = {},
): Promise<Answer<BatchBody>> {
  const notBefore = new Date(Date.now() - 60_000);
  return post(server, finance.maker, '/v1/credit-batches', {
    filter,
    postingDate: jstDate(new Date()),
    notBefore: startOfDay(notBefore),
    ...other,
  });
}

/** A minute ago, but not yesterday in Japan. */
function startOfDay(at: Date): string {
  const midnight = new Date(`${jstDate(new Date())}T00:00:00+09:00`);
  return (at < midnight ? midnight : at).toISOString();
}

export function submit(
  { server, finance }: BatchWorld,
  { id, totalJpy }: { id: string; totalJpy: string },
  other: object = {},
): Promise<Answer<BatchBody>> {
  return post(server, finance.maker, `/v1/credit-batches/${id}/submit`, { controlTotalJpy: totalJpy, ...other });
}

/** As many checkers as are needed decide alike. */
export async function decide(
  { server, finance }: BatchWorld,
  requestId: string,
  decision: 'approve' | 'refuse' = 'approve',
): Promise<Answer<{ status: string; code: string }>> {
  const body = { decision, ...(decision === 'refuse' ? { reason: 'The paper differs.' } : {}) };
  const first = await post<{ status: string; code: string }>(
    server,
    finance.checker,
    `/v1/approval-requests/${requestId}/decisions`,
    body,
  );
  if (first.status !== 200 || first.body.status !== 'pending') return first;
  return post(server, finance.secondChecker, `/v1/approval-requests/${requestId}/decisions`, body);
}

/** Drafted, submitted and approved by two people; its job waits in the queue, which these servers do not work on by themselves. */
export async function approvedBatch(world: BatchWorld, filter: object = {}, other: object = {}): Promise<BatchBody> {
  const drafted = await draft(world, filter, other);
  if (drafted.status !== 201) throw new Error(JSON.stringify(drafted.body));
  const submitted = await submit(world, drafted.body);
  if (submitted.status !== 200) throw new Error(JSON.stringify(submitted.body));
  const decided = await decide(world, submitted.body.approvalRequest?.id ?? '');
  if (decided.body.status !== 'approved') throw new Error(JSON.stringify(decided.body));
  return show(world, drafted.body.id);
}

/** What the queue's worker does with the batch's job, to its end. */
export function execute(
  world: BatchWorld,
  id: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  return world.server.app.get(CreditBatchExecution, { strict: false }).execute(BigInt(id), signal);
}

export function startJobs({ server }: BatchWorld): Promise<void> {
  return server.app.get(Jobs).start();
}

/** Credits per claim and the sum of what wallets hold, from the rows themselves. */
export async function credited({ server }: BatchWorld): Promise<{
  claims: number;
  transfers: number;
  sumJpy: bigint;
  walletsJpy: bigint;
  mostPerClaim: number;
}> {
  const [row] = await server.database.asSuperuser<Record<string, string>>(
    `SELECT (SELECT count(*) FROM claim WHERE status = 'credited') AS claims,
            (SELECT count(*) FROM ledger_transfer WHERE kind = 'credit') AS transfers,
            (SELECT coalesce(sum(amount_jpy), 0) FROM ledger_transfer WHERE kind = 'credit') AS sum_jpy,
            (SELECT sum(balance_jpy) FROM ledger_account WHERE kind = 'customer_wallet') AS wallets_jpy,
            (SELECT coalesce(max(times), 0) FROM (SELECT count(*) AS times FROM ledger_transfer WHERE kind = 'credit' GROUP BY reference_id) AS per_claim) AS most`,
  );
  return {
    claims: Number(row?.claims),
    transfers: Number(row?.transfers),
    sumJpy: BigInt(row?.sum_jpy ?? 0),
    walletsJpy: BigInt(row?.wallets_jpy ?? 0),
    mostPerClaim: Number(row?.most),
  };
}

export const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
