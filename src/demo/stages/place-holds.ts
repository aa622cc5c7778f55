import type { Bar } from '../bar.js';
import { haveApproved, type ApprovalRequest } from './have-approved.js';
import type { Demo, Stage } from './stage.js';

interface Claim {
  readonly claimNo: string;
  readonly amountJpy: string;
  readonly underReview: boolean;
}

/** Which claims are held; chosen once, because those that are held are not offered again. */
interface Chosen {
  readonly open: readonly string[];
  readonly confidential: readonly string[];
}

const OPEN_HOLD = { visibility: 'open', reasonCode: 'name_mismatch', reasonText: '本人確認書類の氏名が登録と異なる' };
const CONFIDENTIAL_HOLD = {
  visibility: 'confidential',
  reasonCode: 'court_attachment',
  reasonText: '差押命令の送達',
  authority: '東京地方裁判所',
  caseNumber: '平成30年(ル)第100号',
};

export const placeHolds: Stage = {
  name: 'holds',
  title: 'A few claims are held, openly and confidentially',
  async run(demo, bar) {
    const { body } = await demo.journal.effect('claims to hold', () => choose(demo));
    bar.expect(body.open.length + 2 * body.confidential.length, 'steps');
    for (const claimNo of body.open) {
      await demo.people.as('officer1').change(`hold ${claimNo}`, `/v1/claims/${claimNo}/holds`, () => OPEN_HOLD);
      bar.step();
    }
    for (const claimNo of body.confidential) await holdConfidentially(demo, bar, claimNo);
    bar.note(
      `${body.open.length} open holds by a claims officer, ${body.confidential.length} confidential ones by two of compliance`,
    );
  },
};

/** A few of the first claims; none where there are so few that holding some would leave little to pay. */
async function choose({ people }: Demo): Promise<Chosen> {
  const { items } = await people
    .as('officer1')
    .read<{ items: Claim[] }>('/v1/claims?status=pending&underReview=false&minAmountJpy=1&limit=100');
  const numbers = items.map(({ claimNo }) => claimNo);
  const open = numbers.slice(0, Math.min(3, Math.trunc(numbers.length / 10)));
  return { open, confidential: numbers.slice(open.length, open.length + Math.min(2, Math.trunc(numbers.length / 10))) };
}

async function holdConfidentially(demo: Demo, bar: Bar, claimNo: string): Promise<void> {
  const placed = await demo.people
    .as('compliance1')
    .change<{ approvalRequest: ApprovalRequest }>(
      `hold ${claimNo} confidentially`,
      `/v1/claims/${claimNo}/holds`,
      () => CONFIDENTIAL_HOLD,
    );
  bar.step();
  await haveApproved(demo, bar, placed.approvalRequest, ['compliance2']);
}
