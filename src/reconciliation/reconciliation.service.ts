import { Injectable } from '@nestjs/common';
import { Ledger } from '../ledger/ledger.js';
import { Database } from '../platform/database/database.js';
import type { Language } from '../platform/http/request-context.js';
import type { Text } from '../platform/problem/domain-error.js';
import { Rates } from '../rate/rates.js';
import { readFigures } from './figures.js';
import { reconcile } from './reconcile.js';
import { differenceOf, isBalanced, type Check, type Line } from './reconciliation.amount.js';
import type { ReconciliationCheckView, ReconciliationLineView, ReconciliationView } from './reconciliation.dto.js';
import { CHECK_TITLES, CLAIM_LINE_TITLES, TOTAL_TITLES } from './titles.js';

/** Two thirds of it are passes over all claims, transfers and accounts. */
const LIMITS = { timeoutMs: 60_000 };

/** Proves the books against what was promised, from one snapshot of the database, so that it is right while a batch runs. */
@Injectable()
export class ReconciliationService {
  constructor(
    private readonly database: Database,
    private readonly ledger: Ledger,
    private readonly rates: Rates,
  ) {}

  show(language: Language): Promise<ReconciliationView> {
    return this.database.consistentRead(async (tx) => {
      const figures = await readFigures(tx, this.ledger, this.rates);
      const result = reconcile(figures);
      const asOf = figures.programme.asOf.toISOString();
      const { state, residueJpy, quantityXem, trialBalanceJpy, totals, claimLines, checks } = result;
      return {
        asOf,
        state,
        balanced: checks.every(isBalanced),
        priceJpyPerXem: figures.rate?.priceJpyPerXem.toFixed() ?? null,
        roundingRule: figures.rate?.roundingRule ?? null,
        quantityXem: quantityXem.toFixed(),
        residueJpy: residueJpy.toFixed(),
        trialBalanceJpy: trialBalanceJpy.toString(),
        totals: totals.map((line) => lineView(line, TOTAL_TITLES[line.name], language, asOf)),
        claims: claimLines.map((line) => lineView(line, CLAIM_LINE_TITLES[line.name], language, asOf)),
        checks: checks.map((check) => checkView(check, language)),
      };
    }, LIMITS);
  }
}

function lineView(
  { name, count, sumJpy }: Line<string>,
  title: Text,
  language: Language,
  asOf: string,
): ReconciliationLineView {
  return { name, title: title[language], count: count.toString(), sumJpy: sumJpy.toFixed(), asOf };
}

function checkView(check: Check, language: Language): ReconciliationCheckView {
  return {
    name: check.name,
    title: CHECK_TITLES[check.name][language],
    leftJpy: check.leftJpy.toFixed(),
    rightJpy: check.rightJpy.toFixed(),
    differenceJpy: differenceOf(check).toFixed(),
    differingCount: check.differingCount.toString(),
    balanced: isBalanced(check),
  };
}
