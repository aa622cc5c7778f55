import { randomUUID } from 'node:crypto';
import type { Answer, TestApp } from '../harness/app.js';
import { makeKey, type TestKey } from '../harness/release-keys.js';
import { createStaff, staffToken, type TestStaff } from '../harness/staff.js';

export interface KeyBody {
  readonly id: string;
  readonly status: string;
  readonly fingerprint: string;
  readonly countsFrom: string | null;
  readonly warning: { en: string; ja: string } | null;
  readonly approvalRequest: { id: string };
  readonly code: string;
}

export interface RuleBody {
  readonly id: string;
  readonly status: string;
  readonly release: { sha256: string; statement: string; missingSignatures: number } | null;
  readonly approvalRequest: { id: string };
  readonly code: string;
}

export interface DecisionBody {
  readonly status: string;
  readonly code: string;
}

export function post<B>(server: TestApp, token: string, url: string, body?: object): Promise<Answer<B>> {
  return server.call<B>('POST', url, {
    token,
    ...(body ? { body } : {}),
    headers: { 'idempotency-key': randomUUID() },
  });
}

export async function asker(server: TestApp): Promise<string> {
  return (await staffToken(server, 'finance_checker')).token;
}

const seconds = new WeakMap<TestApp, Promise<TestStaff>>();

/** Decides as compliance. */
export async function decide(
  server: TestApp,
  { approvalRequest }: { approvalRequest: { id: string } },
  decision: 'approve' | 'refuse' = 'approve',
): Promise<Answer<DecisionBody>> {
  const second = seconds.get(server) ?? createStaff(server, 'compliance');
  seconds.set(server, second);
  return post(server, (await second).token, `/v1/approval-requests/${approvalRequest.id}/decisions`, {
    decision,
    ...(decision === 'refuse' ? { reason: 'Not ours.' } : {}),
  });
}

export async function propose(server: TestApp, key: { publicKey: string }): Promise<Answer<KeyBody>> {
  return post(server, await asker(server), '/v1/release-keys', { publicKey: key.publicKey, label: 'Safe 1' });
}

/** A key that two people have just agreed to: it waits. */
export async function waitingKey(server: TestApp): Promise<TestKey & { id: string }> {
  const key = makeKey();
  const { body } = await propose(server, key);
  const decided = await decide(server, body);
  if (decided.body.status !== 'approved') throw new Error(JSON.stringify(decided.body));
  return { ...key, id: body.id };
}

export async function revoke(server: TestApp, fingerprint: string): Promise<Answer<KeyBody>> {
  const [row] = await server.database.asSuperuser<{ id: string }>('SELECT id FROM release_key WHERE fingerprint = $1', [
    fingerprint,
  ]);
  return post(server, await asker(server), `/v1/release-keys/${row?.id}/revoke`);
}

export async function proposeRule(
  server: TestApp,
  leastSignatures: number,
  waitingHours = 24,
): Promise<Answer<RuleBody>> {
  return post(server, await asker(server), '/v1/release-rules', { leastSignatures, waitingHours });
}
