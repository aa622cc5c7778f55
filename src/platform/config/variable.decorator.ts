import { applyDecorators } from '@nestjs/common';
import { Expose, Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** Reads the text of an environment variable; undefined when it is not what it should be. */
type Read<T> = (text: string) => T | undefined;

/** Binds a field to an environment variable. The one message for whatever is wrong with it says what it should be. */
export function Variable<T>(name: string, shouldBe: string, read: Read<T>): PropertyDecorator {
  return applyDecorators(
    Expose({ name }),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (read(value.trim()) ?? UNREADABLE) : value,
    ),
    ValidateBy(
      { name: 'readable', validator: { validate: (value) => value !== UNREADABLE } },
      { message: `${name} should be ${shouldBe}` },
    ),
  );
}

const UNREADABLE = Symbol('unreadable');

export const text: Read<string> = (given) => given || undefined;

export const flag: Read<boolean> = (given) => ({ true: true, false: false })[given];

export const postgresUrl: Read<string> = (given) => (/^postgres(ql)?:\/\/[^/]+\/\w/.test(given) ? given : undefined);

export const smtpUrl: Read<string> = (given) => (/^smtps?:\/\/[^/\s]+$/.test(given) ? given : undefined);

export const httpUrl: Read<string> = (given) =>
  /^https?:\/\/[^/\s]+/.test(given) && URL.canParse(given) ? given : undefined;

/** A part of the day, `HH:MM`; the day ends at `24:00`. */
export interface Hours {
  readonly from: string;
  readonly to: string;
}

export const hours: Read<Hours> = (given) => {
  const [, from, to] = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.exec(given) ?? [];
  return from && to && from < to ? { from, to } : undefined;
};

/** HTTPS; plain HTTP only on this machine, for trying things out. */
export const webUrl: Read<string> = (given) => {
  const url = URL.canParse(given) ? new URL(given) : null;
  const safe =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname));
  return safe && url.username === '' && url.search === '' && url.hash === '' ? given : undefined;
};

export const mailAddress: Read<string> = (given) => (/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(given) ? given : undefined);

/** Passkeys need TLS, except on the machine itself. */
export const webOrigin: Read<string> = (given) => {
  const url = URL.parse(given);
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === 'localhost');
  return safe && url.origin === given ? given : undefined;
};

export const domainName: Read<string> = (given) =>
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(given) ? given : undefined;

/** Long alone is not enough: `aaaa…` and `changemechangeme…` are as good as known. */
export const secret: Read<string> = (given) => (given.length >= 32 && new Set(given).size >= 10 ? given : undefined);

export function wholeNumber(least: number, most: number): Read<number> {
  return (given) =>
    /^\d{1,9}$/.test(given) && Number(given) >= least && Number(given) <= most ? Number(given) : undefined;
}

export function wholeYen(most: bigint): Read<bigint> {
  return (given) => (/^\d{1,18}$/.test(given) && BigInt(given) <= most ? BigInt(given) : undefined);
}

export function oneOf(...allowed: string[]): Read<string> {
  return (given) => (allowed.includes(given) ? given : undefined);
}

/** Calendar days in addition to those that are known already. */
export function dates(known: readonly string[]): Read<ReadonlySet<string>> {
  return (given) => {
    const days = given.split(',').map((day) => day.trim());
    return days.every(isCalendarDay) ? new Set([...known, ...days]) : undefined;
  };
}

function isCalendarDay(day: string): boolean {
  const instant = new Date(`${day}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
}
