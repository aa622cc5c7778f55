import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../src/demo/journal.js';
import { assertSamePlan, CannotStart, planOf } from '../../src/demo/plan.js';

const ASKED_NOTHING = { holders: null, total: null, seed: null };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'henkin-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const begin = () => Journal.begin(folder, planOf(ASKED_NOTHING));
async function readAgain(): Promise<Journal> {
  const journal = await Journal.read(folder);
  if (!journal) throw new Error('there is no journal');
  return journal;
}

describe('the journal of a demo', () => {
  it('is not there before a demo has begun', async () => {
    expect(await Journal.read(folder)).toBeNull();
  });

  it('keeps the key and content of a change as they were first asked for', async () => {
    const journal = await begin();
    const first = await journal.effect('open claims', () => ({ at: 'first' }));
    const again = await (await readAgain()).effect('open claims', () => ({ at: 'second' }));
    expect(again).toEqual(first);
    expect(again.body).toEqual({ at: 'first' });
    expect((await journal.effect('another', () => null)).key).not.toBe(first.key);
  });

  it('keeps nothing of a change whose content could not be made', async () => {
    const journal = await begin();
    await expect(journal.effect('open claims', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect((await (await readAgain()).effect('open claims', () => 'made later')).body).toBe('made later');
  });

  it('remembers people, ids, finished stages and the plan', async () => {
    const journal = await begin();
    const person = { login: 'maker', password: 'seven quiet herons', activationToken: null, totpSecret: null };
    await journal.keepPerson(person);
    await journal.keepId('rate', '7');
    await journal.finish('import');
    const read = await readAgain();
    expect(read.plan).toEqual({ seed: '1', holders: 260_000, totalXem: '523000000.000000' });
    expect(read.person('maker')).toEqual(person);
    expect(read.person('checker1')).toBeNull();
    expect(read.id('rate')).toBe('7');
    expect(() => read.id('snapshot')).toThrow('no snapshot');
    expect([read.isFinished('import'), read.isFinished('seal')]).toEqual([true, false]);
  });

  it('adds the time of a part that was interrupted to the time of the rest', async () => {
    const journal = await begin();
    await expect(journal.measure('import', () => Promise.reject(new Error('interrupted')))).rejects.toThrow(
      'interrupted',
    );
    const before = journal.seconds.import ?? -1;
    expect(await journal.measure('import', () => Promise.resolve('done'))).toBe('done');
    expect(before).toBeGreaterThanOrEqual(0);
    expect((await readAgain()).seconds.import).toBeGreaterThanOrEqual(before);
  });

  it('is for its owner only, because it holds passwords', async () => {
    await begin();
    expect((await stat(join(folder, 'journal.json'))).mode & 0o077).toBe(0);
  });
});

describe('going on with a kept database', () => {
  const kept = planOf(ASKED_NOTHING);

  it('takes what was not asked for as it was', () => {
    expect(() => assertSamePlan(kept, ASKED_NOTHING)).not.toThrow();
    expect(() => assertSamePlan(kept, { holders: 260_000, total: 523_000_000_000_000n, seed: '1' })).not.toThrow();
  });

  it.each([{ holders: 5 }, { total: 1_000_000n }, { seed: '2' }])('refuses another job: %p', (asked) => {
    expect(() => assertSamePlan(kept, { ...ASKED_NOTHING, ...asked })).toThrow(CannotStart);
  });

  it('refuses a total that cannot be shared', () => {
    expect(() => planOf({ ...ASKED_NOTHING, holders: 3, total: 2n })).toThrow(CannotStart);
    expect(planOf({ ...ASKED_NOTHING, holders: 3, total: 3n }).totalXem).toBe('0.000003');
  });
});
