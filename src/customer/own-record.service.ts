import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { ProofView } from '../proof/proof.dto.js';
import { Proofs } from '../proof/proofs.js';
import { RecordNotFound } from './customer.errors.js';
import type { CustomerClaimView } from './customer.views.js';
import { ownClaimView } from './present-own-claim.js';
import { readOwnClaim } from './sql/read-own-claim.sql.js';

/** What a customer may read about themselves. */
@Injectable()
export class OwnRecord {
  constructor(
    private readonly database: Database,
    private readonly proofs: Proofs,
  ) {}

  /** One statement outside any transaction: a quarter of a million people look at this in the same hour. Errors: record_not_found. */
  async claim(holderId: bigint): Promise<CustomerClaimView> {
    const row = await readOwnClaim(this.database.shortStatements, holderId);
    if (!row) throw new RecordNotFound();
    return ownClaimView(row);
  }

  /** Errors: proof_not_available. */
  proof(holderId: bigint): Promise<ProofView> {
    return this.database.consistentRead((tx) => this.proofs.ofHolder(tx, holderId));
  }
}
