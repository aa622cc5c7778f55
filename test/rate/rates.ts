import { randomBytes, randomUUID } from 'node:crypto';
import type { ApprovalRequestView } from '../../src/approval/approval.dto.js';
import type { AddedEvidenceView, ProposedRateView } from '../../src/rate/rate.views.js';
import type { Answer, TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';

export interface ProblemBody {
  readonly code: string;
  readonly errors?: readonly {
    readonly path?: string;
    readonly line?: number;
    readonly column?: string;
    readonly reason?: string;
  }[];
}

export const newKey = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });

/** The announcement of the reference case, right in every field. */
export function announcement(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    priceJpyPerXem: '88.549',
    method: 'Volume-weighted average of Zaif XEM/JPY',
    windowStart: '2018-01-26T12:09:00+09:00',
    windowEnd: '2018-01-27T23:00:00+09:00',
    alternativeStarts: ['2018-01-26T12:38:00+09:00', '2018-01-26T12:57:00+09:00'],
    alternativeEnds: ['2018-01-28T02:41:00+09:00'],
    roundingRule: 'half_up',
    sourceText: 'Notice of 2018-01-28',
    legalWording: { ja: '補償として日本円残高に反映します。', en: 'Added to your JPY balance as compensation.' },
    ...changes,
  };
}

export async function proposeRate(
  server: TestApp,
  body: unknown = announcement(),
  headers = newKey(),
): Promise<Answer<ProposedRateView & ProblemBody>> {
  const { token } = await staffToken(server, 'finance_maker');
  return server.call('POST', '/v1/rates', { token, body, headers });
}

export async function decideRate(
  server: TestApp,
  requestId: string,
  decision: 'approve' | 'refuse' = 'approve',
): Promise<Answer<ApprovalRequestView & ProblemBody>> {
  const { token } = await staffToken(server, 'finance_checker');
  const body = { decision, ...(decision === 'refuse' ? { reason: 'The window is not the announced one.' } : {}) };
  return server.call('POST', `/v1/approval-requests/${requestId}/decisions`, { token, body, headers: newKey() });
}

export type Part =
  { readonly name: string; readonly value: string } | { readonly name: string; readonly file: string | Buffer };

/** A form as browsers send it; `cutAfter` ends it before its end. */
export async function sendForm(
  server: TestApp,
  url: string,
  parts: readonly Part[],
  options: { token: string; cutAfter?: number; headers?: Record<string, string> },
): Promise<Answer<AddedEvidenceView & ProblemBody>> {
  const boundary = `form-${randomBytes(8).toString('hex')}`;
  const pieces = parts.flatMap((part) => {
    const file = 'file' in part;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${part.name}"${file ? '; filename="evidence.csv"\r\nContent-Type: text/csv' : ''}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(file ? part.file : part.value), Buffer.from('\r\n')];
  });
  const payload = Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
  const answer = await server.app.inject({
    method: 'POST',
    url,
    headers: {
      authorization: `Bearer ${options.token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...options.headers,
    },
    payload: options.cutAfter === undefined ? payload : payload.subarray(0, options.cutAfter),
  });
  return { status: answer.statusCode, body: JSON.parse(answer.body), headers: answer.headers };
}

export async function addEvidence(
  server: TestApp,
  rateId: string,
  kind: string,
  csv: string | Buffer,
  headers?: Record<string, string>,
): Promise<Answer<AddedEvidenceView & ProblemBody>> {
  const { token } = await staffToken(server, 'finance_maker');
  return sendForm(
    server,
    `/v1/rates/${rateId}/evidence`,
    [
      { name: 'kind', value: kind },
      { name: 'file', file: csv },
    ],
    { token, ...(headers ? { headers } : {}) },
  );
}
