import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import { maskBirthDate, maskEmail, maskName, maskPhone } from './masking.js';

/** Everything known about a holder, personal data included. */
export type HolderRecord = Prisma.HolderGetPayload<object>;

/** A holder as anyone may see them who has no reason yet to know more. */
export interface MaskedHolder {
  readonly customerNo: string;
  readonly kind: HolderRecord['kind'];
  readonly name: string | null;
  readonly nameKana: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly birthDate: string | null;
  readonly country: string;
  readonly language: HolderRecord['language'];
  readonly accountStatus: HolderRecord['accountStatus'];
  readonly identityStatus: HolderRecord['identityStatus'];
}

/** Finds holders for the rooms that work with them. */
@Injectable()
export class Holders {
  find(tx: Tx, id: bigint): Promise<HolderRecord | null> {
    return tx.holder.findUnique({ where: { id } });
  }

  findByCustomerNo(tx: Tx, customerNo: string): Promise<HolderRecord | null> {
    return tx.holder.findUnique({ where: { customerNo } });
  }
}

/** Answers are masked by default; what shows more is a reveal, with a reason and an audit event. */
export function maskedHolder(holder: HolderRecord): MaskedHolder {
  const { customerNo, kind, country, language, accountStatus, identityStatus } = holder;
  return {
    customerNo,
    kind,
    name: maskName(holder.name),
    nameKana: maskName(holder.nameKana),
    email: maskEmail(holder.email),
    phone: maskPhone(holder.phone),
    birthDate: maskBirthDate(holder.birthDate),
    country,
    language,
    accountStatus,
    identityStatus,
  };
}
