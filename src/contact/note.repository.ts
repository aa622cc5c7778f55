import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import { seenBy } from './contact.repository.js';

const SHOWN = {
  holder: { select: { customerNo: true } },
  versions: { include: { writer: { select: { displayName: true } } }, orderBy: { version: 'desc' } },
  redactions: { where: { redactedAt: { not: null } }, take: 1 },
} as const satisfies Prisma.NoteInclude;

const CURRENT = { ...SHOWN, versions: { ...SHOWN.versions, take: 1 } } as const satisfies Prisma.NoteInclude;

export type NoteRow = Prisma.NoteGetPayload<{ include: typeof SHOWN }>;

@Injectable()
export class NoteRepository {
  /** With all its versions. */
  find(tx: Tx, id: bigint): Promise<NoteRow | null> {
    return tx.note.findUnique({ where: { id }, include: SHOWN });
  }

  /** Waits for whoever writes a version of it, or destroys it, now. */
  async lock(tx: Tx, id: bigint): Promise<NoteRow | null> {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('note:' || ${id}::bigint, 0))::text`;
    return this.find(tx, id);
  }

  /** As they read now, newest first, one row more than `limit`. */
  list(
    tx: Tx,
    about: { readonly holderId: bigint } | { readonly contactId: bigint },
    role: string,
    limit: number,
    before: bigint | null,
  ): Promise<NoteRow[]> {
    return tx.note.findMany({
      where: { ...about, ...seenBy(role), ...(before === null ? {} : { id: { lt: before } }) },
      include: CURRENT,
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }
}
