import { setImmediate as turn } from 'node:timers/promises';
import { coalesced } from '../../src/platform/database/coalesced.js';

/** A statement that is under way until it is answered or fails. */
interface UnderWay {
  readonly keys: readonly string[];
  answer(values: readonly (string | null)[]): void;
  fail(error: Error): void;
}

describe('questions that are asked at the same time', () => {
  let sent: UnderWay[];
  let ask: (key: string) => Promise<string | null>;
  beforeEach(() => {
    sent = [];
    ask = coalesced((keys: readonly string[]) => {
      const { promise, resolve, reject } = Promise.withResolvers<(string | null)[]>();
      sent.push({ keys, answer: (values) => resolve([...values]), fail: reject });
      return promise;
    });
  });

  it('do not wait when nothing is under way', async () => {
    const alone = ask('a');
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([['a']]);
    sent[0]?.answer(['A']);
    expect(await alone).toBe('A');
  });

  it('share the next statement while one is under way, and each gets its own answer', async () => {
    const first = ask('a');
    await turn();
    const later = [ask('b'), ask('c'), ask('b')];
    await turn();
    expect(sent).toHaveLength(1);
    sent[0]?.answer(['A']);
    expect(await first).toBe('A');
    await turn();
    expect(sent.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c', 'b']]);
    sent[1]?.answer(['B', null, 'B']);
    expect(await Promise.all(later)).toEqual(['B', null, 'B']);
  });

  it('are asked again each time: nothing is kept, and what is under way answers nobody who came later', async () => {
    const before = ask('a');
    await turn();
    const after = ask('a');
    sent[0]?.answer(['old']);
    await before;
    await turn();
    sent[1]?.answer(['new']);
    expect([await before, await after]).toEqual(['old', 'new']);
  });

  it('fail together with their statement, and the next one is a new beginning', async () => {
    const refused = ask('a');
    await turn();
    sent[0]?.fail(new Error('the connection broke'));
    await expect(refused).rejects.toThrow('the connection broke');
    const next = ask('a');
    await turn();
    sent[1]?.answer(['A']);
    expect(await next).toBe('A');
  });

  it('are a hundred at most in one statement', async () => {
    const all = Array.from({ length: 250 }, (_, index) => ask(String(index)));
    await turn();
    for (let index = 0; index < 3; index++) sent[index]?.answer(sent[index]?.keys ?? []);
    expect(await Promise.all(all)).toEqual(Array.from({ length: 250 }, (_, index) => String(index)));
    expect(sent.map(({ keys }) => keys.length)).toEqual([100, 100, 50]);
  });
});
