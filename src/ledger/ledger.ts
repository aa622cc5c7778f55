import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import { FundShort } from './ledger.errors.js';
import { openWallets } from './sql/open-wallets.sql.js';
import { postTransfer, type ProgrammeTransfer } from './sql/post-transfer.sql.js';
import { lockProgrammeBalances, readProgrammeBalances, type ProgrammeBalances } from './sql/read-accounts.sql.js';
import { readTrialBalance, type TrialBalanceRow } from './sql/read-trial-balance.sql.js';

/** What rooms to the right do with the ledger. Crediting wallets is one statement of the room that pays out, not one call per claim. */
@Injectable()
export class Ledger {
  /**
   * Assigns money of the fund to approved claims, or gives it back. From here to the end of the transaction the programme
   * accounts stand still, so call it late. Answers the id of the transfer. Errors: fund_short.
   */
  async postTransfer(tx: Tx, transfer: ProgrammeTransfer): Promise<bigint> {
    const { compensationFundJpy } = await lockProgrammeBalances(tx);
    if (transfer.kind === 'approval' && compensationFundJpy < transfer.amountJpy)
      throw new FundShort(compensationFundJpy, transfer.amountJpy);
    return postTransfer(tx, transfer);
  }

  /** One wallet for each holder of the query (one column, the holder's id) that has none yet. Answers how many were opened. */
  openWallets(tx: Tx, holderIds: Prisma.Sql): Promise<bigint> {
    return openWallets(tx, holderIds);
  }

  programmeBalances(tx: Tx): Promise<ProgrammeBalances> {
    return readProgrammeBalances(tx);
  }

  trialBalance(tx: Tx): Promise<TrialBalanceRow[]> {
    return readTrialBalance(tx);
  }
}
