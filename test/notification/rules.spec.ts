import fc from 'fast-check';
import { writeMail } from '../../src/notification/mail-text.js';
import { nextTry } from '../../src/notification/notification.state.js';
import { nextSendingTime } from '../../src/notification/sending-hours.amount.js';

const texts = { subjectJa: '{{name}}', subjectEn: '{{name}}', textJa: '{{name}} {{customerNoEnd}}', textEn: 'x' };

describe('rules of mails', () => {
  it('never go out outside their hours, never before they may, and at most a day later', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2018-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 1, max: 24 }),
        (at, fromHour, length) => {
          const toHour = Math.min(24, fromHour + length);
          const next = nextSendingTime(at, { fromHour, toHour });
          const hour = (next.getUTCHours() + 9) % 24;
          expect(hour).toBeGreaterThanOrEqual(fromHour);
          expect(hour).toBeLessThan(toHour);
          expect(next.getTime()).toBeGreaterThanOrEqual(at.getTime());
          expect(next.getTime() - at.getTime()).toBeLessThan(86_400_000);
        },
      ),
    );
  });

  it('opens at nine in Japan', () => {
    const hours = { fromHour: 9, toHour: 18 };
    expect(nextSendingTime(new Date('2018-03-13T08:59:00+09:00'), hours)).toEqual(
      new Date('2018-03-13T09:00:00+09:00'),
    );
    expect(nextSendingTime(new Date('2018-03-13T18:00:00+09:00'), hours)).toEqual(
      new Date('2018-03-14T09:00:00+09:00'),
    );
    expect(nextSendingTime(new Date('2018-03-13T17:59:59+09:00'), hours)).toEqual(
      new Date('2018-03-13T17:59:59+09:00'),
    );
  });

  it('a mail put off is tried later and later, and not for ever', () => {
    const now = new Date();
    const waits = [1, 2, 3, 4, 5].map((attempts) => nextTry(now, attempts)?.getTime() ?? 0);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(nextTry(now, 6)).toBeNull();
  });

  it('whatever a name is, it makes no header, no mark-up and no placeholder of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (name) => {
        const mail = writeMail(texts, { customerNo: 'C0012345', name, language: 'ja' });
        expect(mail.subject).not.toMatch(/[\r\n]/u);
        expect(mail.html.replace(/<\/?(html|head|body|p|br|meta|!doctype)[^>]*>/gu, '')).not.toMatch(/[<>]/u);
        expect(mail.text.endsWith(' 2345')).toBe(true);
      }),
    );
    expect(writeMail(texts, { customerNo: 'C0012345', name: '{{customerNoEnd}}', language: 'ja' }).subject).toBe(
      '{{customerNoEnd}}',
    );
  });
});
