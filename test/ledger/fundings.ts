import { randomUUID } from 'node:crypto';
import type { ApprovalRequestView } from '../../src/approval/approval.dto.js';
import type { ProposedFundingView } from '../../src/ledger/funding.dto.js';
import type { Answer, TestApp } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';

export type Proposal = Record<string, unknown>;

export const newKey = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });

/** A funding that is right in every field, with a bank reference of its own. */
export function funding(changes: Proposal = {}): Proposal {
  const bankReference = `BANK-${randomUUID()}`;
  return {
    amountJpy: '1000000',
    bankReference,
    valueDate: '2018-03-12',
    segregatedAccount: 'Segregated 1234567',
    ...changes,
  };
}

export async function propose(
  server: TestApp,
  body: unknown,
  headers = newKey(),
): Promise<Answer<ProposedFundingView & { code: string; errors?: { path: string }[] }>> {
  const { token } = await staffToken(server, 'finance_maker');
  return server.call('POST', '/v1/ledger/fundings', { token, body, headers });
}

export async function decide(
  server: TestApp,
  requestId: string,
  decision: 'approve' | 'refuse' = 'approve',
  token?: string,
): Promise<Answer<ApprovalRequestView & { code: string }>> {
  const checker = token ?? (await staffToken(server, 'finance_checker')).token;
  const body = decision === 'approve' ? { decision } : { decision, reason: 'The bank statement says something else.' };
  return server.call('POST', `/v1/approval-requests/${requestId}/decisions`, {
    token: checker,
    body,
    headers: newKey(),
  });
}

/** Money in the fund, through the public API and as many checkers as the amount needs. Answers the funding's id. */
export async function fund(server: TestApp, amountJpy: string): Promise<string> {
  const { status, body } = await propose(server, funding({ amountJpy }));
  if (status !== 201) throw new Error(`the funding was not taken: ${JSON.stringify(body)}`);
  for (let checkers = 0; checkers < body.approvalRequest.requiredCheckers; checkers += 1) {
    const { token } = await createStaff(server, 'finance_checker');
    const decided = await decide(server, body.approvalRequest.id, 'approve', token);
    if (decided.status !== 200) throw new Error(`the funding was not approved: ${JSON.stringify(decided.body)}`);
  }
  return body.id;
}
