import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.js';
import type { Prisma } from '../../platform/database/prisma.js';
import type { WriteScriptDto } from './script.dto.js';
import type { Situation } from './situations.js';

export type ScriptRow = Prisma.ScriptGetPayload<object>;

@Injectable()
export class ScriptRepository {
  /** The newest released version for this situation; null asks for all. */
  inUse(tx: Tx, situation: Situation | null): Promise<ScriptRow[]> {
    return tx.script.findMany({
      where: { status: 'released', ...(situation ? { situation } : {}) },
      orderBy: { version: 'desc' },
      distinct: ['situation'],
    });
  }

  find(tx: Tx, id: string): Promise<ScriptRow | null> {
    return tx.script.findUnique({ where: { id } });
  }

  /** Newest first; one row more than `limit`. */
  list(tx: Tx, situation: Situation | null, limit: number, beforeId: string | null): Promise<ScriptRow[]> {
    return tx.script.findMany({
      where: { ...(situation ? { situation } : {}), ...(beforeId ? { id: { lt: beforeId } } : {}) },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** The latest version; whoever else would write or release one for this situation waits, as the guard of the database does. */
  async lockLatest(tx: Tx, situation: string): Promise<ScriptRow | null> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('script:' || ${situation}::text, 0))::text`;
    return tx.script.findFirst({ where: { situation }, orderBy: { version: 'desc' } });
  }

  async insert(tx: Tx, version: number, writtenBy: string, script: WriteScriptDto): Promise<string> {
    const { for: situation, title, text, escalation } = script;
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO script (situation, version, title_en, title_ja, text_en, text_ja, escalation_en, escalation_ja, written_by)
      VALUES (${situation}, ${version}, ${title.en}, ${title.ja}, ${text.en}, ${text.ja}, ${escalation?.en ?? null}, ${escalation?.ja ?? null}, ${writtenBy}::uuid)
      RETURNING id`;
    return row?.id ?? '';
  }

  /** The words that are a date or promise one, as the database reads them; null if there are none. */
  async promiseIn(tx: Tx, words: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ promise: string | null }[]>`SELECT script_promise(${words}) AS promise`;
    return row?.promise ?? null;
  }

  /** What a checker agrees to; null unless it is a draft. */
  async contentHash(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT script_hash(id) AS hash FROM script WHERE id = ${id}::uuid AND status = 'draft'`;
    return row?.hash ?? null;
  }

  /** Answers whether it was a draft. */
  async release(tx: Tx, id: string): Promise<boolean> {
    const { count } = await tx.script.updateMany({ where: { id, status: 'draft' }, data: { status: 'released' } });
    return count === 1;
  }
}
