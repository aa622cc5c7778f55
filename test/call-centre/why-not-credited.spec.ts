import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { whyNotCredited, type ClaimSituation } from '../../src/call-centre/why-not-credited.js';
import type { HolderView } from '../../src/call-centre/call-centre.views.js';
import {
  approvedBatch,
  createBatchWorld,
  draft,
  execute,
  quantities,
  submit,
  type BatchWorld,
} from '../credit-batch/batches.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { recordStatements } from '../harness/statements.js';

const ACTIONS_ON_EVERY_CLAIM = [
  'open_contact',
  'write_note',
  'record_objection',
  'change_contact_data',
  'record_representative',
  'reveal',
  'show_timeline',
  'show_contacts',
  'show_notes',
  'show_proof',
];

describe('why a claim is not credited, by the facts alone', () => {
  const situations = fc.record<ClaimSituation>({
    status: fc.constantFrom('pending', 'approved', 'rejected', 'credited'),
    underReview: fc.boolean(),
    contactChanged: fc.boolean(),
    amountJpy: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    decisionWaits: fc.boolean(),
    fundShort: fc.boolean(),
    batch: fc.constantFrom(null, 'draft', 'submitted', 'approved', 'executing', 'paused', 'completed'),
    signaturesMissing: fc.boolean(),
  });

  it('is never silent about an uncredited claim, and has nothing to say about a credited one', () => {
    fc.assert(
      fc.property(situations, (claim) => (whyNotCredited(claim).length === 0) === (claim.status === 'credited')),
    );
  });

  it('names a review first, and never anything by which one review differs from another', () => {
    fc.assert(
      fc.property(situations, (claim) => {
        fc.pre(claim.status !== 'credited');
        const [free, held] = [false, true].map((underReview) => whyNotCredited({ ...claim, underReview }));
        expect(held).toEqual(['under_review', ...(free ?? [])]);
      }),
    );
  });
});

describe('the page of a holder', () => {
  let world: BatchWorld;
  let agent: string;
  beforeAll(async () => {
    world = await createBatchWorld(quantities(6));
    agent = (await staffToken(world.server, 'support_agent')).token;
  });
  afterAll(() => world.server.close());

  const page = async (customerNo: string, token = agent) =>
    (await world.server.call<HolderView>('GET', `/v1/holders/${customerNo}`, { token })).body;
  const reasons = async (customerNo: string) =>
    (await page(customerNo)).claims[0]?.whyNotCredited.map(({ code }) => code);
  const post = (token: string, url: string, body?: object, method: 'POST' | 'DELETE' = 'POST') =>
    world.server.call<{ approvalRequest: { id: string } }>(method, url, {
      token,
      ...(body ? { body } : {}),
      headers: { 'idempotency-key': randomUUID() },
    });

  it('follows a claim through its batch, reason by reason', async () => {
    expect(await reasons('C1')).toEqual(['not_in_batch']);
    const drafted = await draft(world);
    expect(await reasons('C1')).toEqual(['in_draft_batch']);
    await submit(world, drafted.body);
    expect(await reasons('C1')).toEqual(['batch_waiting_for_checker']);
    await post(world.finance.maker, `/v1/credit-batches/${drafted.body.id}/cancel`, { reason: 'x' });
    const batch = await approvedBatch(world, { customerNos: ['C1'] });
    expect(await reasons('C1')).toEqual(['batch_not_yet_due']);
    await execute(world, batch.id);
    const credited = await page('C1');
    expect(credited.claims[0]).toMatchObject({
      status: 'credited',
      whyNotCredited: [],
      creditBatch: { place: '1', itemCount: '1' },
      calculation: { ja: expect.stringMatching(/^1 XEM × 88.549円 = 88.549円、1円未満四捨五入: 89円$/) as string },
    });
    expect(credited.actions.map(({ name }) => name)).toEqual(ACTIONS_ON_EVERY_CLAIM);
  });

  it('reads the same for open and confidential holds, and says who can solve it', async () => {
    const claimNos = await Promise.all(['C3', 'C4'].map(async (no) => (await page(no)).claims[0]?.claimNo ?? ''));
    const officer = (await staffToken(world.server, 'claims_officer')).token;
    await post(officer, `/v1/claims/${claimNos[0]}/holds`, {
      visibility: 'open',
      reasonCode: 'other',
      reasonText: 'x',
    });
    const [maker, checker] = [
      await createStaff(world.server, 'compliance'),
      await createStaff(world.server, 'compliance'),
    ];
    const asked = await post(maker.token, `/v1/claims/${claimNos[1]}/holds`, {
      visibility: 'confidential',
      reasonCode: 'sanctions',
      reasonText: 'list',
      authority: 'MOF',
      caseNumber: '1',
    });
    await post(checker.token, `/v1/approval-requests/${asked.body.approvalRequest.id}/decisions`, {
      decision: 'approve',
    });
    const [open, confidential] = await Promise.all(['C3', 'C4'].map((no) => page(no)));
    const text = (view: HolderView | undefined, no: number) =>
      JSON.stringify({ why: view?.claims[0]?.whyNotCredited, can: view?.actions })
        .replaceAll(claimNos[no] ?? '', 'N')
        .replaceAll(/C[34]/g, 'C');
    expect(text(confidential, 1)).toBe(text(open, 0));
    // What takes equally many steps tells nothing by the time that it takes either.
    const steps = async (no: string) => (await recordStatements(() => page(no))).map((statement) => statement.text);
    expect(await steps('C4')).toEqual(await steps('C3'));
    expect(open?.claims[0]?.whyNotCredited[0]).toMatchObject({
      code: 'under_review',
      customer: { ja: '確認中です。お手続きは不要です。' },
      solvedBy: ['claims_officer', 'compliance'],
    });
    expect(open?.actions.map(({ name }) => name)).toEqual([...ACTIONS_ON_EVERY_CLAIM, 'hold', 'release_hold']);
  });

  it('of oneself or a relative answers as if there were none', async () => {
    const own = await createStaff(world.server, 'support_agent');
    await world.server.database.asSuperuser('UPDATE staff SET customer_no = $2 WHERE id = $1', [own.staffId, 'C5']);
    const [mine, nobodys] = await Promise.all(
      ['C5', 'C999'].map((no) => world.server.call<object>('GET', `/v1/holders/${no}`, { token: own.token })),
    );
    const plain = (answer: typeof mine) => ({ ...answer?.body, requestId: '' });
    expect([mine?.status, plain(mine)]).toEqual([404, plain(nobodys)]);
    expect((await page('C5')).customerNo).toBe('C5');
  });
});
