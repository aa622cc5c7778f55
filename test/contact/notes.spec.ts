import { createHash } from 'node:crypto';
import type { NoteHistoryView, NotePage, NoteVersionView, NoteView } from '../../src/contact/note.views.js';
import type { WorkItemPage } from '../../src/contact/work-item.dto.js';
import type { BatchWorld } from '../credit-batch/batches.js';
import { createStaff, staffToken } from '../harness/staff.js';
import { callsOf, createCallWorld, type Calls } from './calls.js';

interface Written {
  readonly id: string;
  readonly version: number;
  readonly textSha256: string;
  readonly code?: string;
  readonly currentVersion?: number;
}
interface Asked {
  readonly approvalRequest: { readonly id: string };
  readonly code?: string;
}

const NOTE = {
  text: 'Asks when.\nTold nothing of a date.',
  topic: 'timing',
  direction: 'inbound',
  outcome: 'answered',
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('notes', () => {
  let world: BatchWorld;
  let agent: Calls;
  let colleague: Calls;
  let lead: Calls;
  let compliance: Calls;
  beforeAll(async () => {
    world = await createCallWorld(9);
    const by = async (role: 'support_agent' | 'team_lead' | 'compliance') =>
      callsOf(world, (await staffToken(world.server, role)).token);
    agent = await by('support_agent');
    lead = await by('team_lead');
    compliance = await by('compliance');
    colleague = callsOf(world, (await createStaff(world.server, 'support_agent')).token);
  });
  afterAll(() => world.server.close());

  const sql = (text: string, params: unknown[] = []) => world.server.database.asSuperuser(text, params);
  const app = (text: string, params: unknown[] = []) => world.server.database.asApp(text, params);
  const write = (customerNo: string, given: object = NOTE, calls = agent) =>
    calls.post<Written>(`/v1/holders/${customerNo}/notes`, given);
  const revise = (id: string, given: object, calls = agent) => calls.post<Written>(`/v1/notes/${id}/versions`, given);
  const show = async (id: string, calls = agent) =>
    (await calls.get<NoteHistoryView & { code?: string }>(`/v1/notes/${id}`)).body;
  const notesOf = async (customerNo: string, calls = agent, query = '') =>
    (await calls.get<NotePage>(`/v1/holders/${customerNo}/notes${query}`)).body;
  const followUps = async (id: string) =>
    (await lead.get<WorkItemPage>('/v1/work-items?kind=follow_up&limit=100')).body.items
      .filter(({ subject }) => subject.id === id)
      .map(({ dueOn, state }) => ({ dueOn, state }));
  const ask = (id: string, calls = agent) =>
    calls.post<Asked>(`/v1/notes/${id}/redactions`, { reason: 'カード番号の記載' });
  const decide = (calls: Calls, { approvalRequest }: Asked, decision = 'approve') =>
    calls.post<{ code?: string; guard?: string }>(`/v1/approval-requests/${approvalRequest.id}/decisions`, {
      decision,
      reason: 'read',
    });
  const texts = (versions: readonly NoteVersionView[]) => versions.map(({ text }) => text);

  it('are read by colleagues as they were written, with their hash', async () => {
    const text = '<b>山田</b> & "sons"\n\tsaid: 1 < 2 \u{20bb7}';
    const { status, body, headers } = await write('C1', { ...NOTE, text });
    expect([status, headers['cache-control']]).toEqual([201, 'no-store']);
    expect(body).toEqual({ id: body.id, version: 1, textSha256: sha256(text) });
    expect(await show(body.id, colleague)).toMatchObject({
      customerNo: 'C1',
      contactId: null,
      current: { text, topic: 'timing', direction: 'inbound', outcome: 'answered', followUpOn: null },
      redaction: null,
    });
  });

  it('on a call of somebody who holds nothing are found at the call', async () => {
    const { body: call } = await agent.open({ caller: 'press' });
    const { body } = await agent.post<Written>(`/v1/contacts/${call.id}/notes`, { ...NOTE, topic: 'press' });
    const { items } = (await colleague.get<NotePage>(`/v1/contacts/${call.id}/notes`)).body;
    expect(items).toMatchObject([{ id: body.id, customerNo: null, contactId: call.id, current: { topic: 'press' } }]);
    await agent.close(call.id, { topic: 'press', outcome: 'handed_over' });
  });

  it('come newest first, page by page', async () => {
    const ids: string[] = [];
    for (const text of ['1', '2', '3']) ids.push((await write('C2', { ...NOTE, text })).body.id);
    const first = await notesOf('C2', agent, '?limit=2');
    const second = await notesOf('C2', agent, `?limit=2&cursor=${first.nextCursor ?? ''}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(second.nextCursor).toBeNull();
  });

  it('are edited by a further version, once, and the one before stays', async () => {
    const { body } = await write('C3');
    const edits = await Promise.all(
      [agent, colleague].map((calls, n) => revise(body.id, { ...NOTE, text: `edit ${n}`, basedOnVersion: 1 }, calls)),
    );
    expect(edits.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(edits.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'note_changed', currentVersion: 2 });
    const { current, versions } = await show(body.id);
    expect(versions.map(({ version }) => version)).toEqual([2, 1]);
    expect([current, texts(versions).at(-1)]).toEqual([versions[0], NOTE.text]);
  });

  it('with a day to come back to are work, which follows the day', async () => {
    const { body } = await write('C4', { ...NOTE, followUpOn: '2018-03-14' });
    expect(await followUps(body.id)).toEqual([{ dueOn: '2018-03-14', state: 'open' }]);
    expect((await agent.page('C4')).openNotes.map(({ id }: NoteView) => id)).toEqual([body.id]);
    await revise(body.id, { ...NOTE, followUpOn: '2018-03-20', basedOnVersion: 1 });
    expect(await followUps(body.id)).toEqual([
      { dueOn: '2018-03-20', state: 'open' },
      { dueOn: '2018-03-14', state: 'done' },
    ]);
    await revise(body.id, { ...NOTE, basedOnVersion: 2 });
    expect(await followUps(body.id)).toMatchObject([{ state: 'done' }, { state: 'done' }]);
    expect((await agent.page('C4')).openNotes).toEqual([]);
  });

  it.each([
    ['a mark that turns the direction of reading', { text: 'pay \u202e001' }],
    ['an isolate of direction', { text: 'pay \u2067001' }],
    ['a control character', { text: 'a\u0007b' }],
    ['a carriage return that hides a line', { text: 'a\rb' }],
    ['half a character', { text: 'a\ud842' }],
    ['blanks only', { text: ' \n\t ' }],
    ['nothing', { text: '' }],
    ['4,001 characters', { text: 'x'.repeat(4_001) }],
    ['a list for a text', { text: ['x'] }],
    ['another topic', { topic: 'weather' }],
    ['a day that is none', { followUpOn: '2018-02-30' }],
    ['a writer of its own', { writtenBy: 'me' }],
  ])('with %s are refused, and nothing is left behind', async (_what, wrong) => {
    const count = () => sql('SELECT (SELECT count(*) FROM note) + (SELECT count(*) FROM work_item) AS n');
    const before = await count();
    expect((await write('C5', { ...NOTE, followUpOn: '2018-03-14', ...wrong })).status).toBe(400);
    expect(await count()).toEqual(before);
  });

  it('are in no log of the house: neither the audit trail nor the kept answers hold a text', async () => {
    const text = 'canary-9f2c of a note';
    const { body } = await write('C5', { ...NOTE, text });
    await revise(body.id, { ...NOTE, text: `${text} again`, basedOnVersion: 1 });
    const [row] = await sql(
      `SELECT (SELECT count(*) FROM audit_event e WHERE e::text LIKE '%canary-9f2c%') AS audited,
              (SELECT count(*) FROM idempotency_key k WHERE k::text LIKE '%canary-9f2c%') AS kept`,
    );
    expect(row).toEqual({ audited: '0', kept: '0' });
    const events = await sql(
      `SELECT action FROM audit_event WHERE subject_type = 'note' AND subject_id = $1 ORDER BY id`,
      [body.id],
    );
    expect(events).toEqual([{ action: 'note.written' }, { action: 'note.revised' }]);
  });

  it('are redacted by two people: every text goes; hash, time and reason stay', async () => {
    const { body } = await write('C6');
    await revise(body.id, { ...NOTE, text: 'second', basedOnVersion: 1 });
    const asked = (await ask(body.id, lead)).body;
    expect((await decide(lead, asked)).body.code).toBe('maker_cannot_check');
    expect(texts((await show(body.id)).versions)).toEqual(['second', NOTE.text]);
    const other = callsOf(world, (await createStaff(world.server, 'team_lead')).token);
    const preview = await other.get<{ preview: object }>(`/v1/approval-requests/${asked.approvalRequest.id}`);
    expect(preview.body.preview).toMatchObject({ note: `/v1/notes/${body.id}`, customerNo: 'C6' });
    expect(JSON.stringify(preview.body)).not.toContain('second');
    expect((await decide(other, asked)).status).toBe(200);
    expect(await show(body.id)).toMatchObject({
      versions: [
        { text: null, textSha256: sha256('second') },
        { text: null, textSha256: sha256(NOTE.text) },
      ],
      redaction: { reason: 'カード番号の記載' },
    });
    expect((await revise(body.id, { ...NOTE, basedOnVersion: 2 })).body.code).toBe('note_redacted');
    expect((await ask(body.id)).body.code).toBe('note_redacted');
  });

  it('that were edited since are not redacted by what was asked before', async () => {
    const { body } = await write('C6');
    const asked = (await ask(body.id)).body;
    await revise(body.id, { ...NOTE, text: 'not read by whoever asked', basedOnVersion: 1 });
    expect((await decide(lead, asked)).status).toBe(409);
    expect(texts((await show(body.id)).versions)).toEqual(['not read by whoever asked', NOTE.text]);
  });

  it('of compliance are read, edited, redacted and followed up by compliance alone', async () => {
    const { body } = await write('C7', { ...NOTE, followUpOn: '2018-03-14' }, compliance);
    expect((await show(body.id)).code).toBe('note_not_found');
    expect((await notesOf('C7')).items).toEqual([]);
    expect(await agent.page('C7')).toMatchObject({ openNotes: [], lastContacts: [] });
    expect((await compliance.page('C7')).openNotes.map(({ id }) => id)).toEqual([body.id]);
    expect(await followUps(body.id)).toEqual([]);
    expect((await revise(body.id, { ...NOTE, basedOnVersion: 1 })).body.code).toBe('note_not_found');
    const asked = (await ask(body.id, compliance)).body;
    expect((await decide(lead, asked)).status).toBe(404);
    const ordinary = (await write('C7')).body;
    expect((await revise(ordinary.id, { ...NOTE, basedOnVersion: 1 }, compliance)).body.code).toBe(
      'note_for_other_readers',
    );
  });

  it('about oneself or a relative are neither written nor read, nor their redaction decided', async () => {
    const { body } = await write('C8');
    const staff = await createStaff(world.server, 'team_lead', { customerNo: 'C8' });
    const own = callsOf(world, staff.token);
    expect((await write('C8', NOTE, own)).body.code).toBe('holder_not_found');
    expect((await own.get<Written>('/v1/holders/C8/notes')).body.code).toBe('holder_not_found');
    for (const answer of [
      await own.get<Written>(`/v1/notes/${body.id}`),
      await revise(body.id, { ...NOTE, basedOnVersion: 1 }, own),
      await ask(body.id, own),
    ])
      expect(answer.body.code).toBe('note_not_found');
    expect((await decide(own, (await ask(body.id)).body)).body.code).toBe('not_about_own_money');
    await expect(
      app(`INSERT INTO note (holder_id, written_by) SELECT id, $1 FROM holder WHERE customer_no = 'C8'`, [
        staff.staffId,
      ]),
    ).rejects.toMatchObject({ constraint: 'note_not_about_oneself' });
  });

  describe('in the database, as the application asks it', () => {
    let id: string;
    let redactionId: string;
    beforeAll(async () => {
      id = (await write('C9')).body.id;
      await ask(id);
      const [row] = await sql('SELECT id FROM note_redaction WHERE note_id = $1', [id]);
      redactionId = String(row?.['id']);
    });
    const insert = (version: number, text: string | null) =>
      app(
        `INSERT INTO note_version (note_id, version, text, topic, written_by) SELECT id, $2, $3, 'other', written_by FROM note WHERE id = $1`,
        [id, version, text],
      );

    it('are neither changed nor removed', async () => {
      for (const text of [
        `UPDATE note_version SET text = 'x'`,
        'UPDATE note_version SET text = NULL',
        'DELETE FROM note_version',
        'UPDATE note SET holder_id = NULL',
        'DELETE FROM note',
        'UPDATE note_redaction SET redacted_at = now()',
      ])
        await expect(app(text)).rejects.toMatchObject({ code: '42501' });
    });

    it.each([
      [3, 'skips one', 'note_version_follows'],
      [1, 'writes over one', 'note_version_follows'],
      [2, null, 'note_version_has_text'],
      [2, 'a\u202eb', 'note_text_is_plain'],
      [2, 'a\u0007b', 'note_text_is_plain'],
      [2, 'x'.repeat(4_001), 'note_text_is_plain'],
    ])('version %i with %j is refused', async (version, text, constraint) => {
      await expect(insert(version, text)).rejects.toMatchObject({ constraint });
    });

    it('have a hash of their own making', async () => {
      await expect(
        app(
          `INSERT INTO note_version (note_id, version, text, text_sha256, topic, written_by) SELECT id, 2, 'x', 'y', 'other', written_by FROM note WHERE id = $1`,
          [id],
        ),
      ).rejects.toMatchObject({ code: '42501' });
    });

    it('are destroyed by nobody alone, not even by an owner of the tables', async () => {
      await expect(app('SELECT redact_note($1)', [redactionId])).rejects.toMatchObject({
        constraint: 'note_version_written_once',
      });
      await expect(sql(`UPDATE note_version SET text = NULL WHERE note_id = ${id}`)).rejects.toMatchObject({
        constraint: 'note_version_written_once',
      });
      expect(texts((await show(id)).versions)).toEqual([NOTE.text]);
    });
  });
});
