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

/** The server is down, starting, full, out of connections, read-only or too busy: worth another try. */
const UNAVAILABLE_STATES = /^(08...|53...|57P0[1-5]|57014|55P03|25006|40001|40P01)$/;
const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'P2024',
  'P2028',
  'P1001',
  'P1002',
  'P1017',
]);
const UNAVAILABLE_MESSAGES = /timeout exceeded when trying to connect|Connection terminated|is not queryable/;

/** Can the database not be reached or not do it now? Nothing is half done, and the same may be asked again. */
export function isUnavailable(error: unknown): boolean {
  const fault = databaseFault(error);
  if (fault) return UNAVAILABLE_STATES.test(fault.sqlstate);
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return (
    (typeof code === 'string' && UNAVAILABLE_CODES.has(code)) ||
    (typeof message === 'string' && UNAVAILABLE_MESSAGES.test(message))
  );
}
