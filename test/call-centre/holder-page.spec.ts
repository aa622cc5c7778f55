import type { HolderClaimView } from '../../src/call-centre/call-centre.views.js';
import type { ClaimDetailView } from '../../src/claim/claim.views.js';
import type { ContactPage } from '../../src/contact/contact.views.js';
import type { NotePage } from '../../src/contact/note.views.js';
import type { ObjectionView } from '../../src/contact/objection.dto.js';
import type { RecordedRepresentativeView } from '../../src/holder/representative.dto.js';
import { execute, approvedBatch, type BatchWorld } from '../credit-batch/batches.js';
import type { Answer } from '../harness/app.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { countStatements, recordStatements } from '../harness/statements.js';
import { callsOf, createCallWorld, passedCall, phoneOf, WHO, type Calls } from '../contact/calls.js';

/** The page reads all rooms in one statement; each room's own routes read it on their own. */
describe('the page of a holder about whom everything is on record', () => {
  let world: BatchWorld;
  let agent: Calls;
  let compliance: Calls;
  let objection: ObjectionView;
  let representative: RecordedRepresentativeView['representative'];

  beforeAll(async () => {
    world = await createCallWorld(5);
    agent = callsOf(world, (await staffToken(world.server, 'support_agent')).token);
    compliance = callsOf(world, (await staffToken(world.server, 'compliance')).token);
    const batch = await approvedBatch(world, { customerNos: ['C2'] });
    await execute(world, batch.id);
    await approvedBatch(world, { customerNos: ['C1'] });
    await talkAboutC1();
    objection = (
      await agent.post<ObjectionView>('/v1/holders/C1/objections', {
        claimedQuantityXem: '7.25',
        reason: '数量が違う。',
      })
    ).body;
    representative = (
      await agent.post<RecordedRepresentativeView>('/v1/holders/C1/representatives', {
        kind: 'guardian',
        name: '佐藤 花子',
        papers: '登記事項証明書',
        validFrom: '2018-03-01',
      })
    ).body.representative;
  });
  afterAll(() => world.server.close());

  /** Contacts of all kinds, notes of agents and of compliance, and a call that is open. */
  async function talkAboutC1(): Promise<void> {
    const note = (text: string) => ({ text, topic: 'timing', direction: 'inbound', outcome: 'follow_up' });
    for (const topic of ['amount', 'lawyer']) {
      const { body } = await agent.open({ customerNo: 'C1' });
      await agent.check(body.id, { birthDate: '1990-01-01', phone: phoneOf(1) });
      await agent.post(`/v1/contacts/${body.id}/complaint`, { category: 'delay', dueOn: '2018-03-16' });
      await agent.close(body.id, { topic, outcome: 'follow_up' });
    }
    const hidden = await compliance.open({ customerNo: 'C1', channel: 'mail' });
    await compliance.post('/v1/holders/C1/notes', { ...note('Kept to ourselves.'), followUpOn: '2030-01-01' });
    await compliance.close(hidden.body.id);
    const written = await agent.post<{ id: string }>('/v1/holders/C1/notes', {
      ...note('いつ？'),
      followUpOn: '2030-01-01',
    });
    await agent.post(`/v1/notes/${written.body.id}/versions`, {
      ...note('いつか。'),
      followUpOn: '2030-01-02',
      replaces: 1,
    });
    await agent.post('/v1/holders/C1/notes', note('Nothing to come back to.'));
    await passedCall(agent, 1);
  }

  const json = (value: unknown) => JSON.stringify(value);

  it('says of each part what the routes of its room say, to the byte', async () => {
    for (const calls of [agent, compliance]) {
      const page = await calls.page('C1');
      const contacts = (await calls.get<ContactPage>('/v1/holders/C1/contacts?limit=3')).body.items;
      expect(contacts).toHaveLength(3);
      expect(json(page.lastContacts)).toBe(json(contacts));
      const notes = (await calls.get<NotePage>('/v1/holders/C1/notes?limit=10')).body.items;
      const open = notes.filter(({ current }) => current.followUpOn !== null);
      expect(open).toHaveLength(calls === agent ? 1 : 2);
      expect(json(page.openNotes)).toBe(json(open));
      expect(json(page.objections)).toBe(json([objection]));
      const inClear = calls === agent ? { ...representative, name: '佐藤 花子' } : representative;
      expect(json(page.representatives)).toBe(json([inClear]));
      await expectSameClaim(calls, page.claims[0]);
    }
  });

  async function expectSameClaim(calls: Calls, claim: HolderClaimView | undefined): Promise<void> {
    const { body } = await calls.get<ClaimDetailView>(`/v1/claims/${claim?.claimNo}`);
    const { decisions: _decisions, holds: _holds, ...alone } = body;
    const { creditBatch, calculation: _calculation, whyNotCredited, ...onPage } = claim ?? {};
    expect(json(onPage)).toBe(json(alone));
    expect(creditBatch).toEqual({
      id: '2',
      status: 'approved',
      label: 'NEM補償金',
      postingDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
      place: '1',
      itemCount: '1',
    });
    expect(whyNotCredited?.map(({ code }) => code)).toEqual(['batch_not_yet_due']);
  }

  it('shows the call to its agent alone, and the person to whom its caller has opened them', async () => {
    const [mine, theirs] = [await agent.page('C1'), await compliance.page('C1')];
    expect(mine).toMatchObject({ name: WHO.name, nameKana: WHO.nameKana, alsoHere: [], callerCheckLocked: false });
    expect(mine.call).toMatchObject({ callerCheck: { passed: true, failed: 0, locked: false } });
    expect(theirs).toMatchObject({ name: '佐* 誠', call: null, alsoHere: [{ agent: 'Test support_agent' }] });
  });

  it('answers all who ask at the same moment as it answers each alone', async () => {
    const own = await createStaff(world.server, 'support_agent', { customerNo: 'C3' });
    const readers = [agent, compliance, callsOf(world, own.token)];
    const numbers = ['C1', 'C2', 'C3', 'C999', 'C4%00', '%F0%9F%98%80', 'C1'];
    const asked = readers.flatMap((calls) => numbers.map((no) => () => calls.get(`/v1/holders/${no}`)));
    const alone: Answer<Record<string, unknown>>[] = [];
    for (const ask of asked) alone.push(await ask());
    const together = await Promise.all(asked.map((ask) => ask()));
    const plain = (answers: typeof alone) =>
      answers.map(({ status, body }) => json([status, { ...body, requestId: '' }]));
    expect(plain(together)).toEqual(plain(alone));
    const seen = readers.map((_, nth) => alone.slice(nth * numbers.length, (nth + 1) * numbers.length));
    expect(seen.map((answers) => answers.map(({ status }) => status).join(' '))).toEqual([
      '200 200 200 404 400 404 200',
      '200 200 200 404 400 404 200',
      '200 200 404 404 400 404 200',
    ]);
  });

  it('takes three statements: who asks, the page, and the titles of the scripts', async () => {
    expect(await countStatements(() => agent.page('C1'))).toBe(3);
    const sent = await recordStatements(() => Promise.all(['C1', 'C2', 'C4', 'C5'].map((no) => agent.page(no))));
    expect(sent.filter(({ text }) => text.includes('AS representatives')).length).toBeLessThan(4);
  });
});
