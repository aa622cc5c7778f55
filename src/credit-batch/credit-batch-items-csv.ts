import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { CreditBatchNotFound } from './credit-batch.errors.js';
import { CreditBatchRepository } from './credit-batch.repository.js';
import { listRootItems } from './sql/list-root-items.sql.js';

/** Items that are read and written at once, so that memory stays flat whatever the size. */
const PAGE = 5_000;

/** The items of a batch as its release statement covers them: numbers only, so no cell can be a formula. */
@Injectable()
export class CreditBatchItemsCsv {
  constructor(
    private readonly database: Database,
    private readonly batches: CreditBatchRepository,
  ) {}

  /** Items never change their amounts, so the pieces need not be of one instant. Errors: credit_batch_not_found. */
  async *csv(id: bigint): AsyncGenerator<string> {
    const row = await this.database.consistentRead((tx) => this.batches.find(tx, id));
    if (!row) throw new CreditBatchNotFound();
    yield 'seq,claim_id,wallet_account_id,amount_jpy\r\n';
    for (let after = 0n; ;) {
      const items = await this.database.consistentRead((tx) => listRootItems(tx, id, after, PAGE));
      const last = items.at(-1);
      if (!last) return;
      yield items
        .map(({ seq, claimId, walletAccountId, amountJpy }) => `${seq},${claimId},${walletAccountId},${amountJpy}\r\n`)
        .join('');
      after = BigInt(last.seq);
    }
  }
}
