/** The first field of everything that keys sign here: a signature made for anything else cannot pass for one of these. */
const FORMAT = 'henkin-release-1';

/** What a statement says, in its order; numbers as decimal strings, so that nothing is read in two ways. */
export interface StatementFields extends Readonly<Record<string, string>> {
  readonly kind: string;
  readonly subjectId: string;
  /** ISO time in UTC. */
  readonly expiresAt: string;
}

/** The text that is signed, byte for byte. */
export function statementText(fields: StatementFields): string {
  return JSON.stringify({ format: FORMAT, ...fields });
}

/** What the text says; null unless it is written exactly as `statementText` writes, so that it says one thing to everybody. */
export function readStatement(text: string): StatementFields | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isFields(parsed) && JSON.stringify(parsed) === text ? parsed : null;
  } catch {
    return null;
  }
}

function isFields(parsed: unknown): parsed is StatementFields {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return false;
  const { format, kind, subjectId, expiresAt } = parsed as Record<string, unknown>;
  const allText = Object.values(parsed).every((value) => typeof value === 'string');
  return allText && format === FORMAT && kind !== undefined && subjectId !== undefined && expiresAt !== undefined;
}
