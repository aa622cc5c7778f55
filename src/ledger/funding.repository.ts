import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Prisma } from '../platform/database/prisma.js';
import type { ProposeFundingDto } from './funding.dto.js';
import type { FundingState } from './funding.state.js';

export type FundingRow = Prisma.LedgerFundingGetPayload<object>;

@Injectable()
export class FundingRepository {
  find(tx: Tx, id: bigint): Promise<FundingRow | null> {
    return tx.ledgerFunding.findUnique({ where: { id } });
  }

  /** Newest first; one row more than `limit`. */
  list(tx: Tx, limit: number, beforeId: bigint | null): Promise<FundingRow[]> {
    return tx.ledgerFunding.findMany({
      where: beforeId === null ? {} : { id: { lt: beforeId } },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
  }

  /** The proposed or effective funding with this bank reference, compared as the database compares them. */
  async findByReference(tx: Tx, bankReference: string): Promise<bigint | null> {
    const [row] = await tx.$queryRaw<{ id: bigint }[]>`
      SELECT id FROM ledger_funding
      WHERE upper(normalize(bank_reference, NFKC)) = upper(normalize(${bankReference}, NFKC)) AND status IN ('proposed', 'effective')`;
    return row?.id ?? null;
  }

  /** Null when a funding with this bank reference is there already, also one that another transaction is just writing. */
  async insert(tx: Tx, madeBy: string, proposal: ProposeFundingDto): Promise<bigint | null> {
    const [row] = await tx.$queryRaw<{ id: bigint }[]>`
      INSERT INTO ledger_funding (amount_jpy, bank_reference, value_date, segregated_account, made_by)
      VALUES (${BigInt(proposal.amountJpy)}, ${proposal.bankReference}, ${proposal.valueDate}::date, ${proposal.segregatedAccount}, ${madeBy}::uuid)
      ON CONFLICT DO NOTHING RETURNING id`;
    return row?.id ?? null;
  }

  /** Answers whether the funding was in the state that it leaves. */
  async move(tx: Tx, id: bigint, from: FundingState, to: FundingState): Promise<boolean> {
    const { count } = await tx.ledgerFunding.updateMany({ where: { id, status: from }, data: { status: to } });
    return count === 1;
  }

  /** What a checker agrees to, as the database computes it; null unless the funding is proposed. */
  async contentHash(tx: Tx, id: bigint): Promise<string | null> {
    const [row] = await tx.$queryRaw<{ hash: string }[]>`
      SELECT funding_content_hash(f) AS hash FROM ledger_funding f WHERE id = ${id} AND status = 'proposed'`;
    return row?.hash ?? null;
  }
}
