import { ReadTokens } from '../../src/identity/read-tokens.js';

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe('tokens that were read before', () => {
  it('are known by the whole header, until they expire', () => {
    const read = new ReadTokens<string>();
    read.keep('Bearer a.b.c', 'a', inSeconds(60));
    read.keep('Bearer d.e.f', 'd', inSeconds(0));
    expect(
      ['Bearer a.b.c', 'Bearer a.b.C', 'bearer a.b.c', 'Bearer d.e.f', '', undefined].map((one) => read.get(one)),
    ).toEqual(['a', null, null, null, null, null]);
  });

  it('are not kept without an end', () => {
    const read = new ReadTokens<string>();
    for (const exp of [undefined, null, '9999999999', Number.NaN]) read.keep('Bearer a.b.c', 'a', exp);
    expect(read.get('Bearer a.b.c')).toBeNull();
  });

  it('give way to newer ones', () => {
    const read = new ReadTokens<number>();
    for (let one = 0; one <= 4_096; one++) read.keep(`Bearer ${one}`, one, inSeconds(60));
    expect([0, 1, 4_096].map((one) => read.get(`Bearer ${one}`))).toEqual([null, 1, 4_096]);
  });
});
