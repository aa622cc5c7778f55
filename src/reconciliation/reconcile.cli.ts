import Table from 'cli-table3';
import { Ledger } from '../ledger/ledger.js';
import { Database } from '../platform/database/database.js';
import { runProgram } from '../platform/installation/program.js';
import { RateRepository } from '../rate/rate.repository.js';
import { Rates } from '../rate/rates.js';
import type { ReconciliationView } from './reconciliation.dto.js';
import { ReconciliationService } from './reconciliation.service.js';

/** `npm run reconcile`: the same figures as GET /v1/reconciliation as a table; exit code 1 when anything differs. */
await runProgram(async ({ config }) => {
  const database = new Database(config);
  try {
    const view = await new ReconciliationService(database, new Ledger(), new Rates(new RateRepository())).show('en');
    process.stdout.write(`${tablesOf(view)}\n`);
    if (!view.balanced) process.exitCode = 1;
  } finally {
    await database.onApplicationShutdown();
  }
});

function tablesOf(view: ReconciliationView): string {
  const lines = new Table({
    head: ['', 'count', 'JPY'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const line of [...view.totals, ...view.claims])
    lines.push([line.title, grouped(line.count), grouped(line.sumJpy)]);
  const checks = new Table({
    head: ['check', 'left', 'right', 'difference', 'rows', ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const check of view.checks) {
    checks.push([
      check.title,
      grouped(check.leftJpy),
      grouped(check.rightJpy),
      grouped(check.differenceJpy),
      check.differingCount,
      check.balanced ? 'ok' : 'DIFFERS',
    ]);
  }
  const head = `As of ${view.asOf}: ${view.state}; ${grouped(view.quantityXem)} XEM at ${view.priceJpyPerXem ?? 'no'} JPY, residue ${view.residueJpy} JPY`;
  return [
    head,
    lines.toString(),
    checks.toString(),
    view.balanced ? 'Everything agrees.' : 'There are differences.',
  ].join('\n');
}

/** 46311127000.5 as 46,311,127,000.5. */
function grouped(decimal: string): string {
  const [whole = '', part] = decimal.split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part === undefined ? '' : `.${part}`);
}
