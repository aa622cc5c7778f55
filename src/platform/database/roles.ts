import pg from 'pg';

/** Held by the session that prepares an installation. "prep" in ASCII. */
const PREPARATION_LOCK = '0x70726570';

/** One for each role. */
export interface RolePasswords {
  readonly migrator: string;
  readonly app: string;
  readonly watch: string;
}

/**
 * Creates the roles and the database of an installation, as superuser; safe to repeat.
 * `henkin_migrator` owns the schema; `henkin_app` runs the application, owns nothing and cannot change the schema;
 * `henkin_watch` reads what the watch compares, and may pull the kill switch.
 */
export async function prepareDatabase(superuserUrl: string, passwords: RolePasswords): Promise<void> {
  const database = decodeURIComponent(new URL(superuserUrl).pathname.slice(1));
  const maintenance = new URL(superuserUrl);
  maintenance.pathname = '/postgres';
  await withClient(maintenance.href, async (client) => {
    // Two servers that start at once take turns: PostgreSQL refuses the second of two changes to one role. Ends with the session.
    await client.query(`SELECT pg_advisory_lock(${PREPARATION_LOCK})`);
    for (const [role, password] of [
      ['henkin_migrator', passwords.migrator],
      ['henkin_app', passwords.app],
      ['henkin_watch', passwords.watch],
    ] as const) {
      const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      const verb = rowCount ? 'ALTER' : 'CREATE';
      await client.query(
        `${verb} ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD ${client.escapeLiteral(password)}`,
      );
      // A refused row, or the statement that brought it, would otherwise be in PostgreSQL's own log with its personal data.
      await client.query(`ALTER ROLE ${role} SET log_error_verbosity = terse`);
      await client.query(`ALTER ROLE ${role} SET log_min_error_statement = panic`);
    }
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} OWNER henkin_migrator`);
    await withClient(superuserUrl, (inside) => grantDatabase(inside, inside.escapeIdentifier(database)));
  });
}

/** Prisma's migrations write to public; nobody else may create anything there. TEMP is for the import's staging. */
async function grantDatabase(client: pg.Client, database: string): Promise<void> {
  await client.query(`
    ALTER SCHEMA public OWNER TO henkin_migrator;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO henkin_app, henkin_watch;
    REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
    GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO henkin_app;
    GRANT CONNECT ON DATABASE ${database} TO henkin_watch`);
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
