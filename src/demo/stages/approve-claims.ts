import { grouped, yen } from '../figures.js';
import { haveApproved, type ApprovalRequest } from './have-approved.js';
import { usualSeconds, type Demo, type Stage } from './stage.js';

interface CountAndSum {
  readonly count: string;
  readonly sumJpy: string;
}

interface RunPreview {
  readonly payable: CountAndSum;
  readonly belowOneYen: CountAndSum;
  readonly excluded: { readonly under_review: CountAndSum; readonly not_pending: CountAndSum };
}

interface ApprovalRun {
  readonly preview: RunPreview;
  readonly approvalRequest: ApprovalRequest;
}

const ROUTE = '/v1/approval-runs';
const ALL_PENDING = {
  filter: {},
  reasonCode: 'balance_confirmed',
  reasonText: 'Balance and rate agree with the announcement.',
};

export const approveClaims: Stage = {
  name: 'approve',
  title: 'All claims are approved at once',
  async run(demo, bar) {
    bar.expect(4, 'steps');
    const { payable, belowOneYen, excluded } = await bar.during(usualSeconds(demo), tryApproving(demo));
    bar.note(`${grouped(payable.count)} to be approved, together ${yen(payable.sumJpy)}`);
    bar.note(`${grouped(belowOneYen.count)} to be closed, because they are below one yen`);
    bar.note(
      `${grouped(excluded.under_review.count)} left out, because they are under review, together ${yen(excluded.under_review.sumJpy)}`,
    );
    await demo.journal.measure('approve', async () => {
      const { approvalRequest } = await bar.during(usualSeconds(demo), runProposed(demo));
      await haveApproved(demo, bar, approvalRequest, ['officer2', 'officer3']);
    });
  },
};

/** What approving all pending claims would do at this moment. */
async function tryApproving({ people }: Demo): Promise<RunPreview> {
  const asked = { ...ALL_PENDING, dryRun: true };
  return (await people.as('officer1').change<ApprovalRun>('try to approve all claims', ROUTE, () => asked)).preview;
}

/** Proposes to approve all pending claims; afterwards the server repeats what it answered then. */
export function runProposed({ people }: Demo): Promise<ApprovalRun> {
  return people
    .as('officer1')
    .change<ApprovalRun>('approve all claims', ROUTE, () => ({ ...ALL_PENDING, dryRun: false }));
}
