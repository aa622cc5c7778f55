import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { BaseAlreadySealed, CustomersSealedAlready, SupplementBeforeBase } from './snapshot.errors.js';
import { SnapshotRepository, type SnapshotRow } from './snapshot.repository.js';
import { findSealedCustomers } from './sql/find-sealed-customers.sql.js';

/** Which snapshots may stand beside those that are sealed; asked by the maker's request and again when a seal takes effect. */
@Injectable()
export class SealRules {
  constructor(private readonly snapshots: SnapshotRepository) {}

  /** Errors: base_already_sealed, supplement_before_base, customers_sealed_already. */
  async assertSealable(tx: Tx, { id, kind }: SnapshotRow): Promise<void> {
    const baseSealed = await this.snapshots.hasSealedBase(tx);
    if (kind === 'base' && baseSealed) throw new BaseAlreadySealed();
    if (kind === 'supplement' && !baseSealed) throw new SupplementBeforeBase();
    const { count, customerNos } = await findSealedCustomers(tx, id);
    if (count > 0n) throw new CustomersSealedAlready(count, customerNos);
  }
}
