import type pg from 'pg';

/** SQLSTATE of a write that is refused because its session is read-only. */
const READ_ONLY = '25006';

/**
 * Ends a session that refused to write, once whoever used it gives it back. One that began while the server was read-only,
 * as after a failover, stays so when the server no longer is: its pool would hand it out again and again.
 */
export function endReadOnlySessions(pool: pg.Pool): void {
  const refused = new WeakSet<pg.Client>();
  pool.on('connect', (client) => {
    client.connection.on('errorMessage', ({ code }: pg.DatabaseError) => {
      if (code === READ_ONLY) refused.add(client);
    });
  });
  pool.on('release', (_error, client) => {
    if (refused.has(client)) void client.end();
  });
}
