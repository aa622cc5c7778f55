/**
 * What may be shown of a person before a caller check or a reveal: enough to recognise that one has the right record, not
 * enough to learn anything. All of these work on code points, so that rare kanji outside the basic plane are not cut in
 * half, and answer null for what is not known.
 */

/** The first character of each part of a name that has more than one: `山田 太郎` → `山* 太*`. */
export function maskName(name: string | null): string | null {
  return name?.replaceAll(/\S+/gu, maskPart) ?? null;
}

/** The first character before the @ and the last part of the domain: `taro.yamada@example.jp` → `t***@***.jp`. */
export function maskEmail(email: string | null): string | null {
  if (email === null) return null;
  const at = email.lastIndexOf('@');
  const [first = ''] = email.slice(0, Math.max(at, 0));
  const dot = email.lastIndexOf('.');
  return `${first}***@***${dot > at ? email.slice(dot) : ''}`;
}

/** The last two digits: `090-1234-5678` → `***-****-**78`. */
export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null;
  const digits = phone.replaceAll(/\D/gu, '');
  return `***-****-**${digits.length > 4 ? digits.slice(-2) : '**'}`;
}

/** Nothing at all: callers are asked for it. */
export function maskBirthDate(birthDate: Date | null): string | null {
  return birthDate === null ? null : '****-**-**';
}

function maskPart(part: string): string {
  const [first = '', ...rest] = part;
  return rest.length === 0 ? '*' : first + '*'.repeat(rest.length);
}
