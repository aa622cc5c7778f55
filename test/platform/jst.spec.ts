import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JAPANESE_HOLIDAYS } from '../../src/platform/clock/holidays.js';
import { addBusinessDays, endOfBusinessDay, isBusinessDay, jstDate } from '../../src/platform/clock/jst.js';

const holidays = new Set(JAPANESE_HOLIDAYS);
const instant = fc.date({
  min: new Date('2018-01-01T00:00:00Z'),
  max: new Date('2027-11-30T00:00:00Z'),
  noInvalidDate: true,
});
const day = instant.map(jstDate);

function daysAfter(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from) + 86_400_000; at <= Date.parse(to); at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

describe('the Japanese calendar', () => {
  it('begins its day at 15:00 UTC', () => {
    expect(jstDate(new Date('2018-01-26T14:59:59.999Z'))).toBe('2018-01-26');
    expect(jstDate(new Date('2018-01-26T15:00:00.000Z'))).toBe('2018-01-27');
  });

  it('is that of the time zone Asia/Tokyo at any instant', () => {
    const tokyo = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short' });
    fc.assert(fc.property(instant, (at) => jstDate(at) === tokyo.format(at)));
  });

  it('knows weekends, holidays with their substitutes, and the days on which banks are closed in any year', () => {
    const closed = ['2018-01-27', '2018-02-12', '2026-05-06', '2026-09-22', '2027-03-22', '2024-12-31', '2030-01-02'];
    expect(closed.filter((one) => isBusinessDay(one, holidays))).toEqual([]);
    expect(['2018-01-26', '2026-11-24', '2026-12-30', '2027-01-04'].every((one) => isBusinessDay(one, holidays))).toBe(
      true,
    );
  });

  it('counts three business days over the new year', () => {
    expect(addBusinessDays('2026-12-29', 3, holidays)).toBe('2027-01-05');
  });

  it('reaches a business day with exactly n of them in between', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 30 }), (from, n) => {
        const to = addBusinessDays(from, n, holidays);
        const passed = daysAfter(from, to).filter((one) => isBusinessDay(one, holidays));
        expect(passed).toHaveLength(n);
        expect(passed.at(-1)).toBe(to);
      }),
    );
  });

  it('adds up: n and then m days are n + m days', () => {
    const few = fc.integer({ min: 1, max: 15 });
    fc.assert(
      fc.property(day, few, few, (from, n, m) => {
        expect(addBusinessDays(addBusinessDays(from, n, holidays), m, holidays)).toBe(
          addBusinessDays(from, n + m, holidays),
        );
      }),
    );
  });

  it('lets a term end with the last instant of its day in Japan', () => {
    fc.assert(
      fc.property(instant, (from) => {
        const end = endOfBusinessDay(from, 3, holidays);
        expect(jstDate(new Date(end.getTime() - 1))).toBe(addBusinessDays(jstDate(from), 3, holidays));
        expect(jstDate(end)).not.toBe(jstDate(new Date(end.getTime() - 1)));
      }),
    );
  });
});
