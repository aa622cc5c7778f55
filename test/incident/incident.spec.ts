import type { FactPage, FactView } from '../../src/incident/incident.views.js';
import { decide, post } from '../claim/claims.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';
import { anotherCompliance, askRelease, correct, correction, fact, record, release, tell, words } from './incidents.js';

describe('the incident as the product comes with it', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  it('is on record with all values, and none of it is public', async () => {
    const { token } = await staffToken(server, 'support_agent');
    const first = await server.call<FactPage>('GET', '/v1/incident/facts?limit=20', { token });
    const rest = await server.call<FactPage>(
      'GET',
      `/v1/incident/facts?limit=20&cursor=${first.body.nextCursor ?? ''}`,
      { token },
    );
    const facts = [...first.body.items, ...rest.body.items];
    expect(facts).toHaveLength(22);
    expect(rest.body.nextCursor).toBeNull();
    expect(facts.every(({ publicVersion, versions }) => publicVersion === null && versions.length === 1)).toBe(true);
    const used = Object.fromEntries(facts.map(({ key, versions }) => [key, versions[0]?.value.en]));
    expect(used).toMatchObject({
      'xem-stolen': '523000000',
      price: '88.549',
      total: '46311127000',
      'nem-trading-halted': '2018-01-26T12:57:00+09:00',
    });
    const stolen = await server.call<FactView>('GET', '/v1/incident/facts/xem-stolen', { token });
    expect(stolen.body.versions[0]).toMatchObject({
      status: 'internal',
      recordedBy: null,
      otherValues: [{ value: words('5230000000') }, { value: words('526300010') }],
      why: { en: expect.any(String), ja: expect.any(String) },
    });
    expect((await tell(server)).body).toEqual({ facts: [], timeline: [], promises: [], corrections: [] });
  });

  it('becomes public as two people agreed, without staff and without the other values', async () => {
    expect((await release(server, 'xem-stolen')).body).toMatchObject({
      status: 'approved',
      outcome: { status: 'released', key: 'xem-stolen', version: 1 },
    });
    await release(server, 'policy-mailed');
    await release(server, 'noticed');
    const { body } = await tell(server);
    expect(body.facts).toEqual([
      {
        key: 'xem-stolen',
        label: words('XEM stolen', '不正送金されたXEM'),
        value: words('523000000'),
        unit: 'XEM',
        approximate: false,
        source: words('Incident memo', '事案メモ'),
        asOf: null,
      },
    ]);
    expect(body.timeline.map(({ key }) => key)).toEqual(['noticed', 'policy-mailed']);
    const { staffId } = await staffToken(server, 'team_lead');
    expect(JSON.stringify(body)).not.toContain(staffId);
    expect((await askRelease(server, 'xem-stolen')).body.code).toBe('incident_version_released');
  });

  it('is cached for a moment and answered with 304 as long as nothing changed', async () => {
    const first = await tell(server);
    expect(first.headers).toMatchObject({
      'cache-control': 'public, max-age=10',
      etag: expect.stringMatching(/^"[\w-]{43}"$/),
    });
    const etag = String(first.headers['etag']);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
      expect(await tell(server, { 'if-none-match': tag })).toMatchObject({ status: 304, body: '' });
    expect(await tell(server, { 'if-none-match': '"other"' })).toMatchObject({ status: 200 });
    await release(server, 'price');
    expect((await tell(server, { 'if-none-match': etag })).status).toBe(200);
  });

  it('says in public what was corrected, and to staff who did it and why', async () => {
    await record(server, fact());
    await release(server, 'xem-found');
    const changed = correction({ value: words('1200') });
    expect((await correct(server, 'xem-found', changed)).body.code).toBe('incident_announcement_required');
    const announcement = words('Counted anew after more transfers.', '追加の送金を含めて再集計しました。');
    const corrected = await correct(server, 'xem-found', { ...changed, announcement });
    const { staffId } = await staffToken(server, 'team_lead');
    expect(corrected.body).toMatchObject({
      publicVersion: 1,
      versions: [{ version: 2, status: 'internal', reason: 'Counted anew.', recordedBy: staffId }, { version: 1 }],
    });
    expect((await tell(server)).body.corrections).toEqual([]);
    await release(server, 'xem-found', 2);
    const { body } = await tell(server);
    expect(body.facts.find(({ key }) => key === 'xem-found')?.value).toEqual(words('1200'));
    expect(body.corrections).toEqual([
      {
        key: 'xem-found',
        label: words('XEM found again', '回収されたXEM'),
        before: words('1000'),
        after: words('1200'),
        beforeState: null,
        announcement,
        announcedAt: expect.any(String),
      },
    ]);
    const events = await server.database.asSuperuser<{ action: string }>(
      `SELECT action FROM audit_event WHERE subject_id = 'xem-found' ORDER BY id`,
    );
    expect(events.map(({ action }) => action)).toEqual([
      'incident_fact.recorded',
      'incident_fact.released',
      'incident_fact.corrected',
      'incident_fact.released',
    ]);
  });

  it('is published by another person than who asked, and a correction voids what was asked', async () => {
    await record(server, fact({ key: 'two-people' }));
    const { token } = await staffToken(server, 'compliance');
    const asked = await post<{ approvalRequest: { id: string } }>(
      server,
      token,
      '/v1/incident/facts/two-people/release',
      { version: 1 },
    );
    expect((await decide(server, token, asked.body.approvalRequest.id)).status).toBe(403);
    await correct(server, 'two-people', correction());
    const other = await anotherCompliance(server);
    expect((await decide(server, other.token, asked.body.approvalRequest.id)).status).toBe(409);
    expect((await tell(server)).body.facts.some(({ key }) => key === 'two-people')).toBe(false);
    expect((await askRelease(server, 'two-people', 1)).body.code).toBe('incident_version_outdated');
  });

  it('stays internal when it is refused, and can be asked for again', async () => {
    await record(server, fact({ key: 'refused-once' }));
    const asked = await askRelease(server, 'refused-once');
    const { token } = await staffToken(server, 'compliance');
    await decide(server, token, asked.body.approvalRequest.id, 'refuse', 'The source is not clear.');
    expect((await tell(server)).body.facts.some(({ key }) => key === 'refused-once')).toBe(false);
    expect((await release(server, 'refused-once')).body.status).toBe('approved');
  });
});
