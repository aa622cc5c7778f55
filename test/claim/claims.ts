import { randomUUID } from 'node:crypto';
import type { Answer, TestApp } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';

/** Asks under a key of its own; the body's type is what the test expects. */
export async function post<B>(
  server: TestApp,
  token: string,
  url: string,
  body?: unknown,
  method: 'POST' | 'DELETE' = 'POST',
): Promise<Answer<B>> {
  return server.call<B>(method, url, {
    token,
    ...(body === undefined ? {} : { body }),
    headers: { 'idempotency-key': randomUUID() },
  });
}

export interface Officers {
  readonly maker: string;
  readonly checker: string;
  readonly secondChecker: string;
}

export async function officers(server: TestApp): Promise<Officers> {
  const [maker, checker, secondChecker] = await Promise.all([
    staffToken(server, 'claims_officer'),
    createStaff(server, 'claims_officer'),
    createStaff(server, 'claims_officer'),
  ]);
  return { maker: maker.token, checker: checker.token, secondChecker: secondChecker.token };
}

export interface RequestBody {
  readonly id: string;
  readonly status: string;
  readonly requiredCheckers: number;
  readonly outcome: Record<string, unknown> | null;
}

export function decide(
  server: TestApp,
  token: string,
  requestId: string,
  decision = 'approve',
  reason?: string,
): Promise<Answer<RequestBody>> {
  return post(server, token, `/v1/approval-requests/${requestId}/decisions`, {
    decision,
    ...(reason ? { reason } : {}),
  });
}

export async function claimNoOf(server: TestApp, customerNo: string): Promise<string> {
  const [row] = await server.database.asSuperuser<{ claim_no: string }>(
    'SELECT claim_no FROM claim c JOIN holder h ON h.id = c.holder_id WHERE h.customer_no = $1',
    [customerNo],
  );
  return row?.claim_no ?? '';
}
