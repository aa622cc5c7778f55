import { startChild } from '../harness/child-process.js';

const SCRIPT = 'test/platform/log-and-end.js';

describe('what a process logs', () => {
  it.each([
    ['by itself', 3],
    ['by an error', 1],
  ])('is all written when it ends %s in the same moment', async (how, code) => {
    const child = startChild(SCRIPT, [how]);
    expect(await child.ended).toBe(code);
    const logged = child.output().split('\n');
    expect(logged.filter((line) => line.startsWith('{'))).toEqual([
      '{"msg":"first"}',
      '{"msg":"second"}',
      '{"msg":"last"}',
    ]);
  });
});
