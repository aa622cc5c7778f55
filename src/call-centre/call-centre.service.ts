import { Injectable } from '@nestjs/common';
import { parseClaimNo } from '../claim/claim-no.js';
import { ClaimNoMistyped } from '../claim/claim.errors.js';
import { claimView, withdrawalRestriction } from '../claim/claim.service.js';
import { maskEmail, maskName, maskPhone } from '../holder/masking.js';
import { Database, type Tx } from '../platform/database/database.js';
import { HolderNotFound } from './call-centre.errors.js';
import { CallCentreRepository, type HolderRow } from './call-centre.repository.js';
import type { HolderClaimView, HolderSearchView, HolderView } from './call-centre.views.js';

/** Twelve digits as people write them: what was meant as a claim number. */
const LIKE_A_CLAIM_NO = /^[\d\s-]{12,20}$/;

/** What someone on the phone needs to see of a customer. Everything about the person is masked; every hold is one neutral fact. */
@Injectable()
export class CallCentreService {
  constructor(
    private readonly database: Database,
    private readonly holders: CallCentreRepository,
  ) {}

  /** By whole customer number or claim number; no hit is an empty list. Errors: claim_no_mistyped. */
  search(q: string): Promise<HolderSearchView> {
    return this.database.consistentRead(async (tx) => {
      const row = (await this.holders.findByCustomerNo(tx, q)) ?? (await this.findByClaimNo(tx, q));
      return { items: row ? [holderView(row)] : [] };
    });
  }

  /** Errors: holder_not_found. */
  show(customerNo: string): Promise<HolderView> {
    return this.database.consistentRead(async (tx) => {
      const row = await this.holders.findByCustomerNo(tx, customerNo);
      if (!row) throw new HolderNotFound();
      return holderView(row);
    });
  }

  private async findByClaimNo(tx: Tx, q: string): Promise<HolderRow | null> {
    const claimNo = parseClaimNo(q);
    if (claimNo !== null) return this.holders.findByClaimNo(tx, claimNo);
    // Better to hear at once that a digit is wrong than that nobody was found.
    if (LIKE_A_CLAIM_NO.test(q) && q.replace(/\D/g, '').length === 12) throw new ClaimNoMistyped();
    return null;
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
