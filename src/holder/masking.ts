/**
 * What may be shown of a person before a caller check or a reveal: enough to recognise that one has the right record,
 * not enough to learn anything. Works on code points, so that rare kanji outside the basic plane are not cut in half.
 */
export function maskName(name: string | null): string | null {
  return name === null ? null : name.replaceAll(/(?<=[^ 　])[^ 　]/gu, '*');
}

export function maskEmail(email: string | null): string | null {
  if (email === null) return null;
  const [local = '', domain = ''] = email.split('@');
  const first = local.codePointAt(0);
  return `${first === undefined ? '' : String.fromCodePoint(first)}***@${domain.replace(/^[^.]*/u, '***')}`;
}

export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null;
  const digits = phone.replace(/\D/gu, '');
  return `***-****-${digits.slice(-2).padStart(4, '*')}`;
}
