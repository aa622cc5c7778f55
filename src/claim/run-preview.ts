import type { Tx } from '../platform/database/database.js';
import type { RunPreviewView } from './approval-run.views.js';
import type { ClaimFilter } from './sql/claim-filter.sql.js';
import { claimsOfStaff, previewRun, tenLargest } from './sql/preview-run.sql.js';

interface CountAndSum {
  readonly count: bigint;
  readonly sumJpy: bigint;
}

/** What the claims alone say about a filter; it is the same as long as no claim is written. */
export type ClaimsPreview = Omit<RunPreviewView, 'claimsOfStaff'>;

export async function previewClaims(tx: Tx, filter: ClaimFilter): Promise<ClaimsPreview> {
  const groups = await previewRun(tx, filter);
  const classesOf = (name: string) => groups.filter(({ group }) => group === name);
  const line = (name: string) =>
    text(
      classesOf(name).reduce((all, row) => ({ count: all.count + row.count, sumJpy: all.sumJpy + row.sumJpy }), {
        count: 0n,
        sumJpy: 0n,
      }),
    );
  return {
    payable: line('payable'),
    belowOneYen: line('below_one_yen'),
    excluded: { under_review: line('under_review'), not_pending: line('not_pending') },
    tenLargest: (await tenLargest(tx, filter)).map(({ claimNo, customerNo, amountJpy }) => ({
      claimNo,
      customerNo,
      amountJpy: amountJpy.toString(),
    })),
    distribution: classesOf('payable').map(({ fromJpy, ...row }) => ({ fromJpy, ...text(row) })),
  };
}

/** With what depends on who works here and who their relatives are, which is asked for each time. */
export async function withClaimsOfStaff(tx: Tx, filter: ClaimFilter, claims: ClaimsPreview): Promise<RunPreviewView> {
  return { ...claims, claimsOfStaff: text(await claimsOfStaff(tx, filter)) };
}

function text({ count, sumJpy }: CountAndSum): { count: string; sumJpy: string } {
  return { count: count.toString(), sumJpy: sumJpy.toString() };
}
