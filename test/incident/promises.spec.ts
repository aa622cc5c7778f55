import { jstDate } from '../../src/platform/clock/jst.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { correct, correction, fact, record, release, tell, words } from './incidents.js';

const DAY_MS = 86_400_000;
/** Days in Japan, seen from today. */
const day = (fromToday: number) => jstDate(new Date(Date.now() + fromToday * DAY_MS));
const promise = (key: string, promisedOn: string, changes: Record<string, unknown> = {}) =>
  fact({ key, kind: 'promise', unit: 'date', value: words(promisedOn), ...changes });

describe('what was promised for a day', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  const told = async (key: string) => (await tell(server)).body.promises.find((one) => one.key === key);

  it.each([
    ['still to come', day(3), undefined, 'due'],
    ['for today', day(0), undefined, 'due'],
    ['that passed without being done', day(-1), undefined, 'missed'],
    ['done on its day', day(-2), day(-2), 'kept'],
    ['done before its day', day(5), day(-1), 'kept'],
    ['done a day late', day(-3), day(-2), 'missed'],
  ])('a day %s is shown as what it is, with its source', async (_what, promisedOn, doneOn, state) => {
    const key = `promise-${promisedOn}-${state}`;
    const recorded = await record(server, promise(key, promisedOn, doneOn ? { doneOn } : {}));
    expect(recorded.body.versions[0]).toMatchObject({ promiseState: state, status: 'internal' });
    expect(await told(key)).toBeUndefined();
    await release(server, key);
    expect(await told(key)).toEqual({
      key,
      label: words('XEM found again', '回収されたXEM'),
      promisedOn,
      state,
      doneOn: doneOn ?? null,
      source: words('Public NEM ledger', 'NEMの公開台帳'),
    });
  });

  it('a day that is moved is told with what became of the first one', async () => {
    await record(server, promise('moved', day(-4)));
    await release(server, 'moved');
    const announcement = words('It takes until then.', 'この日までかかります。');
    const later = correction({ unit: 'date', value: words(day(6)), announcement });
    expect((await correct(server, 'moved', later)).status).toBe(201);
    expect(await told('moved')).toMatchObject({ promisedOn: day(-4), state: 'missed' });
    await release(server, 'moved', 2);
    expect(await told('moved')).toMatchObject({ promisedOn: day(6), state: 'due' });
    expect((await tell(server)).body.corrections).toMatchObject([
      { key: 'moved', before: words(day(-4)), after: words(day(6)), beforeState: 'missed', announcement },
    ]);
  });

  it.each([
    ['a promise for a day that is none', promise('bad', '2018-02-30')],
    ['a promise without a day', fact({ key: 'bad', kind: 'promise' })],
    ['a day in two spellings', promise('bad', day(1), { value: words(day(1), day(2)) })],
    ['done tomorrow', promise('bad', day(1), { doneOn: day(1) })],
    ['done on a day that is none', promise('bad', day(-1), { doneOn: '2018-02-30' })],
    ['a fact that is done', fact({ key: 'bad', doneOn: day(-1) })],
    ['an event without an instant', fact({ key: 'bad', kind: 'event', unit: 'date', value: words('2018-01-26') })],
    ['a number with a comma', fact({ key: 'bad', value: words('523,000,000') })],
    ['a number that is none', fact({ key: 'bad', value: words('NaN') })],
    ['other values without a reason', fact({ key: 'bad', otherValues: [{ value: words('1'), source: words('x') }] })],
    ['a key with capitals', fact({ key: 'Bad' })],
    ['a key that there is', fact({ key: 'xem-stolen' })],
    ['a null where nothing is meant', fact({ key: 'bad', asOf: null })],
  ])('%s is refused, and nothing is left behind', async (_what, body) => {
    const count = () => server.database.asSuperuser('SELECT count(*) FROM incident_fact_version');
    const before = await count();
    expect([400, 409]).toContain((await record(server, body)).status);
    expect(await count()).toEqual(before);
  });

  it('is guarded by the database itself: nothing is rewritten, removed or published by one', async () => {
    await record(server, promise('guarded', day(1)));
    const of = `fact_id = (SELECT id FROM incident_fact WHERE key = 'guarded')`;
    const { asApp } = server.database;
    await expect(asApp(`UPDATE incident_fact_version SET status = 'released' WHERE ${of}`)).rejects.toMatchObject({
      constraint: 'incident_version_needs_approval',
    });
    for (const [sql, words_] of [
      [
        `UPDATE incident_fact_version SET value_en = '2030-01-01', value_ja = '2030-01-01' WHERE ${of}`,
        'permission denied',
      ],
      [`DELETE FROM incident_fact_version WHERE ${of}`, 'permission denied'],
      [`UPDATE incident_fact SET label_en = 'x'`, 'permission denied'],
      [`DELETE FROM progress_release`, 'permission denied'],
    ] as const)
      await expect(asApp(sql)).rejects.toThrow(words_);
    await expect(
      server.database.asSuperuser(`UPDATE incident_fact_version SET value_en = '2030-01-01' WHERE ${of}`),
    ).rejects.toMatchObject({ constraint: 'incident_version_never_rewritten' });
    await expect(server.database.asSuperuser(`DELETE FROM incident_fact_version WHERE ${of}`)).rejects.toThrow();
    await expect(
      asApp(
        `INSERT INTO incident_fact_version (fact_id, version, value_en, value_ja, unit, approximate, source_en, source_ja, other_values, reason)
         SELECT id, 2, '1', '1', 'XEM', false, 'x', 'x', '[]', 'x' FROM incident_fact WHERE key = 'guarded'`,
      ),
    ).rejects.toMatchObject({ constraint: 'incident_version_fits_kind' });
    await expect(
      asApp(
        `INSERT INTO incident_fact_version (fact_id, version, value_en, value_ja, unit, approximate, source_en, source_ja, other_values, reason)
         SELECT id, 3, '2030-01-01', '2030-01-01', 'date', false, 'x', 'x', '[]', 'x' FROM incident_fact WHERE key = 'guarded'`,
      ),
    ).rejects.toMatchObject({ constraint: 'incident_version_follows' });
  });
});
