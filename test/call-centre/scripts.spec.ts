import { SITUATIONS } from '../../src/call-centre/scripts/situations.js';
import type { ShownHolderView } from '../../src/call-centre/call-centre.views.js';
import type {
  ScriptList,
  ScriptReleaseView,
  ScriptVersionPage,
  ScriptVersionView,
} from '../../src/call-centre/scripts/script.views.js';
import { jstDate } from '../../src/platform/clock/jst.js';
import { decide, post } from '../claim/claims.js';
import { callsOf, createCallWorld, passedCall, phoneOf, WHO, type Calls } from '../contact/calls.js';
import { approvedBatch, execute, type BatchWorld } from '../credit-batch/batches.js';
import { createStaff, staffToken, type TestStaff } from '../harness/staff.js';

interface Problem {
  readonly code: string;
}

const text = (ja: string, en = 'You need do nothing.') => ({ ja, en });

describe('scripts', () => {
  let world: BatchWorld;
  let agent: string;
  let lead: TestStaff;
  let otherLead: TestStaff;
  beforeAll(async () => {
    world = await createCallWorld(5);
    agent = (await staffToken(world.server, 'support_agent')).token;
    lead = await staffToken(world.server, 'team_lead');
    otherLead = await createStaff(world.server, 'team_lead');
  });
  afterAll(() => world.server.close());

  const get = async <B>(path: string, token = agent) => world.server.call<B & Problem>('GET', path, { token });
  const latest = async (situation: string) => {
    const { body } = await get<ScriptVersionPage>(`/v1/script-versions?for=${situation}&limit=1`, lead.token);
    return body.items[0];
  };
  const write = async (situation: string, changes: object = {}) =>
    post<ScriptVersionView & Problem>(world.server, lead.token, '/v1/script-versions', {
      for: situation,
      replaces: (await latest(situation))?.version ?? 0,
      title: text('件名', 'Title'),
      text: text('お手続きは不要です。'),
      ...changes,
    });
  const askRelease = (id = '') =>
    post<ScriptReleaseView & Problem>(world.server, lead.token, `/v1/script-versions/${id}/release`);
  const release = async (id = '') =>
    decide(world.server, otherLead.token, (await askRelease(id)).body.approvalRequest.id);
  const read = (query: string, token = agent) => get<ScriptList>(`/v1/scripts?${query}`, token);

  it('come as drafts for every situation, of which agents see none', async () => {
    const { body } = await get<ScriptVersionPage>('/v1/script-versions?limit=100', lead.token);
    expect([...new Set(body.items.map(({ for: situation }) => situation))].toSorted()).toEqual(
      [...SITUATIONS].toSorted(),
    );
    expect(body.items.every(({ status, writtenBy }) => status === 'draft' && writtenBy === null)).toBe(true);
    expect((await read('')).body).toEqual({ customerNo: null, factsOpen: false, items: [] });
    expect((await get<ShownHolderView>('/v1/holders/C1')).body.scripts).toEqual([]);
  });

  it('ask a caller for what is compared, and for nothing else', async () => {
    const draft = await latest('caller_self');
    expect(draft?.text.ja).toContain('生年月日、電話番号、メールアドレスのうち、二つ');
    expect(draft?.text.ja).not.toContain('住所');
  });

  it('are said once another person has released exactly these words', async () => {
    const written = await write('topic_threat', { escalation: text('直ちにSVへ。', 'Team lead at once.') });
    expect(written).toMatchObject({ status: 201, body: { version: 2, status: 'draft', writtenBy: lead.staffId } });
    const asked = await askRelease(written.body.id);
    const request = asked.body.approvalRequest.id;
    expect((await decide(world.server, lead.token, request)).status).toBe(403);
    const preview = await get<{ preview: object }>(`/v1/approval-requests/${request}`, otherLead.token);
    expect(preview.body.preview).toMatchObject({ script: { text: text('お手続きは不要です。') }, replaces: null });
    expect((await decide(world.server, otherLead.token, request)).body).toMatchObject({
      status: 'approved',
      outcome: { status: 'released', for: 'topic_threat', version: 2 },
    });
    expect((await read('for=topic_threat')).body.items).toMatchObject([
      { for: 'topic_threat', version: 2, escalation: text('直ちにSVへ。', 'Team lead at once.') },
    ]);
    expect((await askRelease(written.body.id)).body.code).toBe('script_released');
  });

  it('void what waits when they are written anew, and are not written over by who has not read them', async () => {
    const first = await write('caller_press');
    const asked = await askRelease(first.body.id);
    expect((await write('caller_press', { replaces: 1 })).body.code).toBe('script_version_outdated');
    expect((await write('caller_press')).body.version).toBe(3);
    expect((await decide(world.server, otherLead.token, asked.body.approvalRequest.id)).status).toBe(409);
    expect((await askRelease(first.body.id)).body.code).toBe('script_version_outdated');
    expect((await read('for=caller_press')).body.items).toEqual([]);
  });

  it.each([
    ['{name} 様', 'script_fact_unknown'],
    ['{} です。', 'script_fact_unknown'],
    ['{amount です。', 'script_fact_unknown'],
    ['{amount}}', 'script_fact_unknown'],
    ['補償額は {amount} 円です。', 'script_says_nothing'],
    ['<b>太字\u202e</b>', 'validation_failed'],
    ['', 'validation_failed'],
  ])('are refused as %j: %s, and nothing is written', async (ja, code) => {
    const before = (await latest('not_in_batch'))?.version;
    expect(await write('not_in_batch', { text: text(ja) })).toMatchObject({ status: 400, body: { code } });
    expect((await latest('not_in_batch'))?.version).toBe(before);
  });

  it.each([
    ['3月12日に反映します。', '3月'],
    ['３月１２日に反映します。', '3月'],
    ['三月十二日に反映します。', '三月'],
    ['2018-03-12 です。', '2018-03'],
    ['3/12に反映。', '3/12'],
    ['月曜日に反映。', '月曜'],
    ['平成30年', '30年'],
    ['5営業日お待ちください。', '5営業日'],
    ['18時に反映。', '18時'],
    ['明日には反映されます。', '明日'],
    ['来週中に', '来週'],
    ['まもなくです。', 'まもなく'],
    ['数日お待ちください。', '数日'],
    ['月末までに', '月末'],
    ['1日以内', '1日'],
    ['反映予定です。\n{posting_date}', '予定'],
    ['{posting_date} すなわち3月12日に反映予定です。', '3月'],
  ])('never promise a time: %j', async (line, words) => {
    const refused = await write('not_in_batch', { text: text(`確認中です。\n${line}`) });
    expect(refused).toMatchObject({ status: 400, body: { code: 'script_promises_date', words } });
  });

  it.each([
    'On 12 March.',
    'Next week.',
    'Within 3 days.',
    'It will come soon.',
    'On Monday.',
    'In a month.',
    'ON THE 12TH',
  ])('never promise a time in English either: %j', async (en) => {
    const refused = await write('not_in_batch', { text: text('確認中です。', en) });
    expect(refused).toMatchObject({ status: 400, body: { code: 'script_promises_date' } });
  });

  it.each([
    '本日はお電話ありがとうございます。生年月日をお聞かせください。',
    'これまでにお預かりした内容を一切もれなく確認しております。',
    '受付は24時間、電話番号は 0120-279-338 です。日程はお約束できません。',
    '{posting_date} までに反映する予定です。\nお手続きは不要です。',
  ])('say all else: %j', async (ja) => {
    expect((await write('not_in_batch', { text: text(ja) })).status).toBe(201);
  });

  it('of a topic say to whom the agent hands over', async () => {
    expect((await write('topic_distress')).body.code).toBe('script_escalation_required');
  });

  describe('with the facts of a customer', () => {
    const SAID = text(
      '手続き中です。\n補償額は {amount} 円、{quantity} XEM × {price} 円です。\n{posting_date} に反映する予定です。\n{next_step}',
      'Being added.\n{amount} JPY on {posting_date}.\n{next_step}',
    );
    let calls: Calls;
    beforeAll(async () => {
      calls = callsOf(world, agent);
      await passedCall(calls, 1);
      await passedCall(calls, 2);
      for (const situation of ['caller_self', 'caller_representative', 'caller_heir', 'caller_press', 'caller_police'])
        await release((await write(situation)).body.id);
      for (const situation of [
        'not_in_batch',
        'batch_not_yet_due',
        'under_review',
        'credited',
        'withdrawal_restricted',
      ])
        await release((await write(situation, { text: SAID })).body.id);
    });
    const said = async (situation: string, customerNo: string) =>
      (await read(`for=${situation}&customerNo=${customerNo}`)).body.items[0]?.text;
    const fitting = async (customerNo: string) =>
      (await get<ShownHolderView>(`/v1/holders/${customerNo}`)).body.scripts.map(({ for: situation }) => situation);
    const facts = async (token = agent) => {
      const { factsOpen, items } = (await read('for=not_in_batch&customerNo=C4', token)).body;
      return { factsOpen, ja: items[0]?.text.ja };
    };
    const NO_FACTS = { factsOpen: false, ja: '手続き中です。' };
    const today = jstDate(new Date());

    it('are as written without one', async () => {
      expect((await read('for=credited')).body.items[0]?.text).toEqual(SAID);
    });

    it('leave out the line whose fact is not there: no day before it is approved', async () => {
      const words = await said('not_in_batch', 'C1');
      expect(words?.ja).toMatch(
        /^手続き中です。\n補償額は 89 円、1 XEM × 88.549 円です。\n確認中です。お手続きは不要です。$/,
      );
      expect(words?.en).not.toContain('JPY');
    });

    it('begin with who calls, and say nothing about the holder before that caller has passed the check', async () => {
      expect(await fitting('C4')).toEqual(['not_in_batch', 'topic_threat']);
      expect(await facts()).toEqual(NO_FACTS);
      const { id } = (await calls.open({ customerNo: 'C4' })).body;
      expect(await fitting('C4')).toEqual(['caller_self', 'topic_threat']);
      await calls.check(id, { birthDate: '1999-01-01', phone: phoneOf(4) });
      expect(await fitting('C4')).toEqual(['caller_self', 'topic_threat']);
      expect(await facts()).toEqual(NO_FACTS);
      await calls.check(id, { birthDate: WHO.birthDate, phone: phoneOf(4) });
      expect(await fitting('C4')).toEqual(['caller_self', 'not_in_batch', 'topic_threat']);
      expect(await facts()).toMatchObject({
        factsOpen: true,
        ja: expect.stringContaining('補償額は 420 円') as string,
      });
      const colleague = await createStaff(world.server, 'support_agent');
      expect(await facts(colleague.token)).toEqual(NO_FACTS);
      await calls.close(id);
      expect(await facts()).toEqual(NO_FACTS);
    });

    it.each(['representative', 'heir', 'press', 'police'])(
      'never say anything about the holder to %s off the street',
      async (caller) => {
        const { id } = (await calls.open({ customerNo: 'C4', caller })).body;
        await calls.check(id, { birthDate: WHO.birthDate, phone: phoneOf(4) });
        expect(await fitting('C4')).toEqual([`caller_${caller}`, 'topic_threat']);
        expect(await facts()).toEqual(NO_FACTS);
        await calls.close(id);
      },
    );

    it('name the posting day of an approved batch, and after it that of the credit', async () => {
      const [year, month, day] = today.split('-').map(Number);
      const batch = await approvedBatch(world, { customerNos: ['C1', 'C2'] });
      await world.server.database.asSuperuser(
        `INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
         SELECT c.id, 'open', 'active', 'no_wallet', 'Closed.', repeat('a', 64) FROM claim c JOIN holder h ON h.id = c.holder_id WHERE customer_no = 'C2'`,
      );
      expect((await said('batch_not_yet_due', 'C1'))?.ja).toContain(
        `\n${year}年${month}月${day}日 に反映する予定です。\n`,
      );
      expect((await said('under_review', 'C2'))?.en).toBe(
        'Being added.\nWe are checking your record. You need do nothing.',
      );
      await execute(world, batch.id);
      expect((await said('credited', 'C1'))?.en).toBe(
        `Being added.\n89 JPY on ${today}.\nTo withdraw from your balance, the identity check must be complete.`,
      );
    });

    it('fit the page, by its reasons, with a link that answers', async () => {
      const page = await get<ShownHolderView>('/v1/holders/C1');
      expect(page.body.scripts.map(({ for: situation }) => situation)).toEqual([
        'caller_self',
        'credited',
        'withdrawal_restricted',
        'topic_threat',
      ]);
      const first = page.body.scripts[1];
      expect(first).toEqual({
        for: 'credited',
        title: text('件名', 'Title'),
        href: '/v1/scripts?for=credited&customerNo=C1',
      });
      expect((await get<ScriptList>(first?.href ?? '')).body.items[0]?.text).toEqual(await said('credited', 'C1'));
      expect(await fitting('C2')).toEqual(['caller_self', 'under_review', 'not_in_batch', 'topic_threat']);
    });

    it('answer alike for nobody and for one’s own record', async () => {
      const relative = await createStaff(world.server, 'support_agent', { customerNo: 'C3' });
      const own = await read('for=credited&customerNo=C3', relative.token);
      const nobody = await read('for=credited&customerNo=C999', relative.token);
      expect(own).toMatchObject({ status: 404, body: { code: 'holder_not_found' } });
      expect({ ...nobody.body, instance: '', requestId: '' }).toEqual({ ...own.body, instance: '', requestId: '' });
    });

    it('ask for a situation and a number that can be', async () => {
      expect((await read('for=anything')).body.code).toBe('validation_failed');
      expect((await read('customerNo=%25')).body.code).toBe('validation_failed');
    });
  });

  it('are guarded by the database itself', async () => {
    const { database } = world.server;
    const [draft] = await database.asApp<{ id: string }>(
      `SELECT id FROM script WHERE situation = 'fund_short' AND status = 'draft'`,
    );
    const insert = (columns: string, values: string) =>
      database.asApp(
        `INSERT INTO script (situation, version, title_en, title_ja, text_en, text_ja ${columns}) VALUES (${values})`,
      );
    await expect(database.asApp(`UPDATE script SET status = 'released' WHERE id = '${draft?.id}'`)).rejects.toThrow(
      'no second person has agreed',
    );
    await expect(database.asApp(`UPDATE script SET text_ja = 'x'`)).rejects.toThrow('permission denied');
    await expect(database.asSuperuser(`UPDATE script SET text_ja = 'x'`)).rejects.toThrow('cannot be changed');
    await expect(database.asApp('DELETE FROM script')).rejects.toThrow('permission denied');
    await expect(insert('', `'fund_short', 9, 'T', 'T', 'x', 'x'`)).rejects.toThrow('follows the one before');
    await expect(insert('', `'fund_short', 2, 'T', 'T', 'x', E'x\\n{name}'`)).rejects.toThrow('script_facts_known');
    await expect(insert('', `'fund_short', 2, 'T', 'T', 'x', '{amount}'`)).rejects.toThrow('script_says_something');
    await expect(insert('', `'fund_short', 2, 'T', 'T', 'x', '3月12日'`)).rejects.toThrow('script_promises_no_date');
    await expect(insert('', `'topic_police', 2, 'T', 'T', 'x', 'x'`)).rejects.toThrow('script_topic_escalates');
    await expect(insert(', status', `'fund_short', 2, 'T', 'T', 'x', 'x', 'released'`)).rejects.toThrow(
      'permission denied',
    );
  });
});
