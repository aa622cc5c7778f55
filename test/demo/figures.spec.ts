import { grouped } from '../../src/demo/figures.js';

describe('figures for people', () => {
  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['46311127000', '46,311,127,000'],
    ['-1234567', '-1,234,567'],
    ['523000000.000000', '523,000,000.000000'],
    ['-0.25', '-0.25'],
  ])('%s is read as %s', (figure, read) => {
    expect(grouped(figure)).toBe(read);
  });
});
