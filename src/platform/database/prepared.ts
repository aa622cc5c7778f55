import { createHash } from 'node:crypto';
import type { QueryConfig } from 'pg';
import type { Prisma } from './prisma.js';

const names = new Map<string, string>();

/**
 * A query that is put together from few pieces, by the name of its text, so that each connection plans each of its shapes
 * once. Only for texts of which there are few: their names are kept.
 */
export function prepared(what: string, { text, values }: Prisma.Sql): QueryConfig {
  let name = names.get(text);
  if (name === undefined) {
    name = `${what}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    names.set(text, name);
  }
  return { name, text, values };
}
