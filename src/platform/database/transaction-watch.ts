import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

/** One transaction while it runs: which connections it is on and what PostgreSQL last refused in it. */
interface RunningTransaction {
  readonly clients: Set<pg.PoolClient>;
  fault: pg.DatabaseError | null;
}

const running = new AsyncLocalStorage<RunningTransaction>();

/**
 * The connection that the running transaction is on, for what Prisma cannot send as it is: whatever is done on it is part of
 * that transaction.
 */
export function connectionOfTransaction(): pg.PoolClient {
  const [client, ...others] = running.getStore()?.clients ?? [];
  if (!client || others.length > 0) throw new Error('There is no transaction here, or it is on several connections.');
  return client;
}

/** Beyond the server's own time limits, which come first while the server is able to enforce them. */
const GRACE_MS = 2_000;

/**
 * Makes a connection tell the transaction it works for three things that get lost above it: the connection itself, the
 * whole error, of which Prisma keeps a part, and that COMMIT was answered with ROLLBACK, which Prisma takes for success.
 * Prisma reads several relations of a row at once; on one connection they go one after the other, as the driver wants it.
 */
export function watchQueries(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  let last: Promise<unknown> = Promise.resolve();
  const watched = (...args: unknown[]) => {
    const transaction = running.getStore();
    transaction?.clients.add(client);
    // Streams of COPY, and whoever brings a callback, report for themselves.
    if (!answersByPromise(args)) return query(...args);
    const answer = last.then(() => query(...args) as Promise<pg.QueryResult>);
    last = answer.catch(() => undefined);
    return answer.then(
      (result) => {
        if (result.command === 'ROLLBACK' && textOf(args[0]) === 'COMMIT')
          throw new SwallowedError(transaction?.fault ?? null);
        return result;
      },
      (error: unknown) => {
        if (transaction && error instanceof pg.DatabaseError) transaction.fault = error;
        throw error;
      },
    );
  };
  client.query = watched as typeof client.query;
}

/** The work caught an error of the database and went on; PostgreSQL had given the transaction up by then. */
export class SwallowedError extends Error {
  constructor(cause: pg.DatabaseError | null) {
    super(
      'The transaction was rolled back although its work ended without an error: it swallowed one of the database',
      { cause },
    );
  }
}

/** PostgreSQL did not answer in time and the connection was given up. Whether a COMMIT under way took effect is unknown. */
export class DatabaseSilent extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(timeoutMs: number) {
    super(`PostgreSQL did not answer within ${timeoutMs} ms`);
  }
}

/**
 * Runs the work of one transaction. A server that is stopped, not dead, answers nothing and enforces no limit: then the
 * connection is cut, so that the caller gets an error and the pool its place back.
 */
export async function watch<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  // It would wait for a connection while holding one, for ever in a pool of one, and would not be undone with the outer.
  if (running.getStore())
    throw new Error('A transaction was opened inside another one. Pass the tx of the outer one on.');
  const transaction: RunningTransaction = { clients: new Set(), fault: null };
  const limit = timeoutMs + GRACE_MS;
  const cut = () => {
    for (const { connection } of transaction.clients) connection?.stream.destroy(new DatabaseSilent(limit));
  };
  const timer = setTimeout(cut, limit);
  try {
    return await running.run(transaction, work);
  } catch (error) {
    throw withWholeFault(error, transaction.fault);
  } finally {
    clearTimeout(timer);
  }
}

/** Puts PostgreSQL's own error, with the constraint's name, under the one that Prisma made of it. */
function withWholeFault(error: unknown, fault: pg.DatabaseError | null): unknown {
  const fromDatabase = error instanceof Error && ('clientVersion' in error || error.name === 'DriverAdapterError');
  if (fault && fromDatabase) Object.defineProperty(error, 'cause', { value: fault, configurable: true });
  return error;
}

function answersByPromise(args: readonly unknown[]): boolean {
  const [query] = args;
  const isStream = typeof query === 'object' && query !== null && 'submit' in query;
  return !isStream && typeof args.at(-1) !== 'function';
}

function textOf(query: unknown): unknown {
  return typeof query === 'object' && query !== null && 'text' in query ? query.text : query;
}
