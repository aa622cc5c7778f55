import { Injectable } from '@nestjs/common';
import { claimView, withdrawalRestriction } from '../claim/claim.service.js';
import { maskEmail, maskName, maskPhone } from '../holder/masking.js';
import { Database } from '../platform/database/database.js';
import { HolderNotFound } from './call-centre.errors.js';
import { CallCentreRepository, type HolderRow } from './call-centre.repository.js';
import type { HolderClaimView, HolderView } from './call-centre.views.js';

/** What someone on the phone needs to see of a customer. Everything about the person is masked; every hold is one neutral fact. */
@Injectable()
export class CallCentreService {
  constructor(
    private readonly database: Database,
    private readonly holders: CallCentreRepository,
  ) {}

  /** Errors: holder_not_found. */
  show(customerNo: string): Promise<HolderView> {
    return this.database.consistentRead(async (tx) => {
      const row = await this.holders.findByCustomerNo(tx, customerNo);
      if (!row) throw new HolderNotFound();
      return holderView(row);
    });
  }
}

function holderView(row: HolderRow): HolderView {
  return {
    customerNo: row.customerNo,
    kind: row.kind,
    name: maskName(row.name),
    nameKana: maskName(row.nameKana),
    email: maskEmail(row.email),
    phone: maskPhone(row.phone),
    country: row.country,
    language: row.language,
    accountStatus: row.accountStatus,
    identityStatus: row.identityStatus,
    withdrawalRestriction: withdrawalRestriction(row),
    claims: row.claims.map(holderClaimView),
  };
}

function holderClaimView(claim: HolderRow['claims'][number]): HolderClaimView {
  const batch = claim.batchItems[0]?.batch;
  return {
    ...claimView(claim),
    creditBatch: batch
      ? {
          id: batch.id.toString(),
          status: batch.status,
          label: batch.label,
          postingDate: batch.postingDate.toISOString().slice(0, 10),
        }
      : null,
  };
}
