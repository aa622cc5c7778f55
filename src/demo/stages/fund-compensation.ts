import { jstDate } from '../../platform/clock/jst.js';
import { yen } from '../figures.js';
import { haveApproved, type ApprovalRequest } from './have-approved.js';
import type { Demo, Stage } from './stage.js';

interface Funding {
  readonly amountJpy: string;
  readonly approvalRequest: ApprovalRequest;
}

interface RatePreview {
  readonly rounding: readonly { readonly chosen: boolean; readonly totalJpy: string }[];
}

export const fundCompensation: Stage = {
  name: 'fund',
  title: 'Own funds are assigned to the customers',
  async run(demo, bar) {
    bar.expect(3, 'people');
    const amountJpy = await owed(demo);
    if (amountJpy === '0') return bar.note('Nothing is owed: all amounts are below one yen');
    const maker = demo.people.as('maker');
    const funding = await maker.change<Funding>('fund the compensation', '/v1/ledger/fundings', () => ({
      amountJpy,
      bankReference: 'DEMO-20180312-0001',
      valueDate: jstDate(new Date()),
      segregatedAccount: '顧客分別金口座 1234567',
    }));
    bar.step();
    await haveApproved(demo, bar, funding.approvalRequest, ['checker1', 'checker2']);
    bar.note(`${yen(funding.amountJpy)} of cash, moved into the customers' segregated account`);
  },
};

/** What all amounts come to under the rule of the rate. */
async function owed({ journal, people }: Demo): Promise<string> {
  const { rounding } = await people.as('maker').read<RatePreview>(`/v1/rates/${journal.id('rate')}`);
  const chosen = rounding.find((preview) => preview.chosen);
  if (!chosen) throw new Error('The rate does not say what it comes to under its own rule.');
  return chosen.totalJpy;
}
