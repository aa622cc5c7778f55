import { Injectable } from '@nestjs/common';
import { dayOf, jstDate } from '../platform/clock/jst.js';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { RepresentativeView } from './representative.dto.js';
import { maskName } from './masking.js';

export type RepresentativeRow = Prisma.RepresentativeGetPayload<object>;

/** What is shown of a representative. */
export type ShownRepresentative = Pick<
  RepresentativeRow,
  'id' | 'kind' | 'name' | 'papers' | 'validFrom' | 'validTo' | 'status'
>;

/** Who else may be spoken to about a holder. */
@Injectable()
export class Representatives {
  find(tx: Tx, id: bigint): Promise<RepresentativeRow | null> {
    return tx.representative.findUnique({ where: { id } });
  }
}

/** May this representative be spoken to now? The database has the same rule. */
export function isInForce({ status, validFrom, validTo }: ShownRepresentative, now: Date): boolean {
  const [today, from, to] = [jstDate(now), dayOf(validFrom), validTo && dayOf(validTo)];
  return status === 'confirmed' && from <= today && (to === null || today <= to);
}

export function representativeView(row: ShownRepresentative, now: Date, inClear = false): RepresentativeView {
  return {
    id: row.id.toString(),
    kind: row.kind,
    name: inClear ? row.name : (maskName(row.name) ?? ''),
    papers: row.papers,
    validFrom: dayOf(row.validFrom),
    validTo: row.validTo && dayOf(row.validTo),
    status: row.status,
    valid: isInForce(row, now),
  };
}
