import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { Actor } from '../platform/http/request-context.js';
import { HolderNotFound } from './holder.errors.js';

export type HolderRow = Prisma.HolderGetPayload<object>;

/** Holders as staff may work with them: never their own record or a declared relative's. */
@Injectable()
export class Holders {
  /** Errors: holder_not_found, alike for a number that nobody has and for one's own or a relative's. */
  async ofOthers(tx: Tx, actor: Actor, customerNo: string): Promise<HolderRow> {
    const holder = (await this.isOwn(tx, actor, customerNo))
      ? null
      : await tx.holder.findUnique({ where: { customerNo } });
    if (!holder) throw new HolderNotFound();
    return holder;
  }

  /** Is it the record of this member of staff, or of a declared relative? */
  async isOwn(tx: Tx, { id }: Actor, customerNo: string): Promise<boolean> {
    const rows = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM staff_interest WHERE staff_id = ${id}::uuid AND customer_no = ${customerNo} LIMIT 1`;
    return rows.length > 0;
  }
}
