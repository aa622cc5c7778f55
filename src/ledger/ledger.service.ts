import { Injectable } from '@nestjs/common';
import { dayOf } from '../platform/clock/jst.js';
import { Database, type Tx } from '../platform/database/database.js';
import { AccountKind, type Prisma } from '../platform/database/prisma.js';
import type { Language, RequestContext } from '../platform/http/request-context.js';
import { decodeBigintCursor, toPage, type Page } from '../platform/pagination/page.js';
import type { Text } from '../platform/problem/domain-error.js';
import type { AccountFilter, AccountView, TransferFilter, TransferView, TrialBalanceView } from './ledger.dto.js';
import { readAccountTotals } from './sql/read-accounts.sql.js';
import { readTrialBalance, type TrialBalanceRow } from './sql/read-trial-balance.sql.js';

const ACCOUNT_TITLES: Readonly<Record<AccountKind, Text>> = {
  own_funds: { en: 'Own funds contributed', ja: '自己資金' },
  compensation_fund: { en: 'Compensation fund', ja: '補償原資(分別済)' },
  approved_uncredited: { en: 'Approved, uncredited', ja: '支払決定済未反映' },
  customer_wallet: { en: 'Customer wallets', ja: '顧客預り金' },
};

/** Everything about the books that people look up; nothing here changes them. */
@Injectable()
export class LedgerService {
  constructor(private readonly database: Database) {}

  /** Each kind with its total, or the accounts of one kind in the order in which they were opened. Errors: cursor_invalid. */
  listAccounts(context: RequestContext, filter: AccountFilter): Promise<Page<AccountView>> {
    const afterId = decodeBigintCursor(filter.cursor);
    return this.database.consistentRead(async (tx) => {
      if (filter.kind === undefined) return totals(tx, context.language);
      const rows = await tx.ledgerAccount.findMany({
        where: { kind: filter.kind, ...(afterId === null ? {} : { id: { gt: afterId } }) },
        orderBy: { id: 'asc' },
        take: filter.limit + 1,
      });
      return toPage(
        rows,
        filter.limit,
        (row) => row.id.toString(),
        (row) => accountView({ ...row, accountCount: 1n }, context.language),
      );
    });
  }

  /** Newest first. Errors: cursor_invalid. */
  listTransfers(filter: TransferFilter): Promise<Page<TransferView>> {
    const beforeId = decodeBigintCursor(filter.cursor);
    return this.database.consistentRead(async (tx) => {
      const rows = await tx.ledgerTransfer.findMany({
        where: {
          ...(filter.kind === undefined ? {} : { kind: filter.kind }),
          ...(filter.referenceId === undefined ? {} : { referenceId: BigInt(filter.referenceId) }),
          ...(filter.postingDate === undefined ? {} : { postingDate: new Date(filter.postingDate) }),
          ...(beforeId === null ? {} : { id: { lt: beforeId } }),
        },
        orderBy: { id: 'desc' },
        take: filter.limit + 1,
      });
      return toPage(rows, filter.limit, (row) => row.id.toString(), transferView);
    });
  }

  trialBalance(): Promise<TrialBalanceView> {
    return this.database.consistentRead(async (tx) => trialBalanceView(await readTrialBalance(tx)));
  }
}

function trialBalanceView(rows: readonly TrialBalanceRow[]): TrialBalanceView {
  const totalJpy = rows.reduce((total, row) => total + row.creditsJpy - row.debitsJpy, 0n);
  return {
    asOf: (rows[0]?.asOf ?? new Date()).toISOString(),
    lines: rows.map((row) => {
      const balanceJpy = row.creditsJpy - row.debitsJpy;
      return {
        kind: row.kind,
        accountCount: row.accountCount.toString(),
        debitsJpy: row.debitsJpy.toString(),
        creditsJpy: row.creditsJpy.toString(),
        balanceJpy: balanceJpy.toString(),
        keptBalanceJpy: row.keptBalanceJpy.toString(),
        differenceJpy: (row.keptBalanceJpy - balanceJpy).toString(),
        differingAccounts: row.differingAccounts.toString(),
      };
    }),
    totalJpy: totalJpy.toString(),
    balanced: totalJpy === 0n && rows.every((row) => row.differingAccounts === 0n),
  };
}

async function totals(tx: Tx, language: Language): Promise<Page<AccountView>> {
  const rows = await readAccountTotals(tx);
  const programme = await tx.ledgerAccount.findMany({ where: { holderId: null } });
  const items = rows.map((row) =>
    accountView({ ...row, id: programme.find(({ kind }) => kind === row.kind)?.id ?? null, holderId: null }, language),
  );
  return { items, nextCursor: null };
}

interface AccountLine {
  readonly id: bigint | null;
  readonly kind: AccountKind;
  readonly holderId: bigint | null;
  readonly accountCount: bigint;
  readonly balanceJpy: bigint;
}

function accountView({ id, kind, holderId, accountCount, balanceJpy }: AccountLine, language: Language): AccountView {
  return {
    id: id?.toString() ?? null,
    kind,
    holderId: holderId?.toString() ?? null,
    accountCount: accountCount.toString(),
    balanceJpy: balanceJpy.toString(),
    title: ACCOUNT_TITLES[kind][language],
    // A contra account: people read what was contributed, not its negative.
    shownJpy: (kind === 'own_funds' ? -balanceJpy : balanceJpy).toString(),
  };
}

function transferView(row: Prisma.LedgerTransferGetPayload<object>): TransferView {
  return {
    id: row.id.toString(),
    kind: row.kind,
    debitAccountId: row.debitAccountId.toString(),
    creditAccountId: row.creditAccountId.toString(),
    amountJpy: row.amountJpy.toString(),
    referenceId: row.referenceId.toString(),
    postingDate: dayOf(row.postingDate),
    label: row.label,
    createdAt: row.createdAt.toISOString(),
  };
}
