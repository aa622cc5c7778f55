import type pg from 'pg';
import type { Manifest, SequencePosition } from './manifest.js';

export interface Table {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Both are made by migrating and compared, not copied. */
const MADE_BY_MIGRATING = ['public._prisma_migrations', 'graphile_worker.migrations'];

/** Everything that a program or a person has put there, with the queue of jobs; computed columns compute themselves again. */
export async function listTables(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT n.nspname || '.' || c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND n.nspname IN ('public', 'graphile_worker') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       AND NOT n.nspname || '.' || c.relname = ANY ($1)
     GROUP BY 1 ORDER BY 1`,
    [MADE_BY_MIGRATING],
  );
  return rows;
}

/** Those that have given a number. */
export async function listSequences(client: pg.ClientBase): Promise<SequencePosition[]> {
  const { rows } = await client.query<SequencePosition>(
    `SELECT schemaname || '.' || sequencename AS sequence, last_value::text AS "lastValue"
     FROM pg_sequences WHERE schemaname IN ('public', 'graphile_worker') AND last_value IS NOT NULL ORDER BY 1`,
  );
  return rows;
}

export async function listMigrations(client: pg.ClientBase): Promise<Manifest['migrations'][number][]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY 1`,
  );
  return rows;
}

/** `schema.table` and columns as SQL names them. */
export function quoted({ table, columns }: Table): { readonly table: string; readonly columns: string } {
  const name = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return { table: table.split('.').map(name).join('.'), columns: columns.map(name).join(', ') };
}
