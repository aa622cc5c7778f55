import type { Answer, TestApp } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { decide, post, type RequestBody } from '../claim/claims.js';
import type { FactReleaseView, FactView, PublicIncidentView } from '../../src/incident/incident.views.js';

export interface Problem {
  readonly code: string;
}

export const words = (en: string, ja = en) => ({ en, ja });

export function fact(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    key: 'xem-found',
    kind: 'fact',
    label: words('XEM found again', '回収されたXEM'),
    value: words('1000'),
    unit: 'XEM',
    source: words('Public NEM ledger', 'NEMの公開台帳'),
    asOf: '2018-02-01T00:00:00+09:00',
    ...changes,
  };
}

/** A new version of the same shape, with what a version says and nothing of the fact itself. */
export function correction(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { key: _key, kind: _kind, label: _label, ...version } = fact();
  return { ...version, corrects: 1, reason: 'Counted anew.', ...changes };
}

export async function record(server: TestApp, body: unknown): Promise<Answer<FactView & Problem>> {
  const { token } = await staffToken(server, 'team_lead');
  return post(server, token, '/v1/incident/facts', body);
}

export async function correct(server: TestApp, key: string, body: unknown): Promise<Answer<FactView & Problem>> {
  const { token } = await staffToken(server, 'team_lead');
  return post(server, token, `/v1/incident/facts/${key}/versions`, body);
}

export async function askRelease(
  server: TestApp,
  key: string,
  version = 1,
): Promise<Answer<FactReleaseView & Problem>> {
  const { token } = await staffToken(server, 'team_lead');
  return post(server, token, `/v1/incident/facts/${key}/release`, { version });
}

export async function release(server: TestApp, key: string, version = 1): Promise<Answer<RequestBody>> {
  const asked = await askRelease(server, key, version);
  const { token } = await staffToken(server, 'compliance');
  return decide(server, token, asked.body.approvalRequest.id);
}

export const tell = (server: TestApp, headers: Record<string, string> = {}): Promise<Answer<PublicIncidentView>> =>
  server.call('GET', '/v1/incident', { headers });

export const anotherCompliance = (server: TestApp) => createStaff(server, 'compliance');
