/** Told by SQLSTATE, never by message: each wrapper of Prisma hides the code in another place. */
export interface DatabaseFault {
  readonly sqlstate: string;
  readonly constraint: string | null;
  readonly message: string;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** The PostgreSQL error inside whatever was thrown, or null if there is none. */
export function databaseFault(error: unknown, depth = 0): DatabaseFault | null {
  if (typeof error !== 'object' || error === null || depth > 6) return null;
  const { code, originalCode, constraint, message, originalMessage, cause, meta, driverAdapterError } = error as Record<
    string,
    unknown
  >;
  for (const candidate of [originalCode, code]) {
    // Prisma's own codes (P2010 …) have the shape of an SQLSTATE but are not one.
    if (typeof candidate === 'string' && SQLSTATE.test(candidate) && !/^P\d{4}$/.test(candidate)) {
      return {
        sqlstate: candidate,
        constraint: constraintName(constraint),
        message: String(originalMessage ?? message ?? ''),
      };
    }
  }
  return [cause, driverAdapterError, meta].reduce<DatabaseFault | null>(
    (found, inner) => found ?? databaseFault(inner, depth + 1),
    null,
  );
}

function constraintName(constraint: unknown): string | null {
  if (typeof constraint === 'string') return constraint;
  if (typeof constraint === 'object' && constraint !== null && 'index' in constraint) return String(constraint.index);
  return null;
}

/** Serialisation failure and deadlock: nothing was done, and doing it again is right. */
export function isTransient(error: unknown): boolean {
  const sqlstate = databaseFault(error)?.sqlstate;
  return sqlstate === '40001' || sqlstate === '40P01' || (error as { code?: unknown } | null)?.code === 'P2034';
}
