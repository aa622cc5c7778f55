import { readTimeline } from '../../src/call-centre/sql/read-timeline.sql.js';
import type { TimelinePage } from '../../src/call-centre/timeline.dto.js';
import { TIMELINE_KINDS } from '../../src/call-centre/timeline-texts.js';
import { Database } from '../../src/platform/database/database.js';
import { Prisma } from '../../src/platform/database/prisma.js';
import { claimNoOf, post } from '../claim/claims.js';
import { callsOf } from '../contact/calls.js';
import { approvedBatch, createBatchWorld, execute, quantities, type BatchWorld } from '../credit-batch/batches.js';
import { customerToken } from '../harness/customer.js';
import { createStaff, staffToken } from '../harness/staff.js';

/** Tables with a row or more for each holder or claim; the planner must find those of one by an index. */
const BIG = [
  'holder',
  'frozen_balance',
  'claim',
  'claim_decision',
  'claim_hold',
  'credit_batch_item',
  'ledger_transfer',
  'notification',
  'mail_report',
  'reveal',
  'customer_sign_in',
  'contact_change',
  'identity_check',
  'customer_message',
  'objection',
  'approval_request',
  'contact',
  'caller_check',
  'complaint',
  'note',
  'note_version',
];

const ENDS: readonly string[] = [
  'review_ended',
  'hold_placed',
  'hold_released',
  'contact_closed',
  'complaint_closed',
  'note_redacted',
];

describe('the timeline of a holder', () => {
  let world: BatchWorld;
  let agent: string;
  let officer: string;
  let compliance: string;
  beforeAll(async () => {
    world = await createBatchWorld(quantities(3_000));
    agent = (await staffToken(world.server, 'support_agent')).token;
    officer = (await staffToken(world.server, 'claims_officer')).token;
    compliance = (await staffToken(world.server, 'compliance')).token;
  });
  afterAll(() => world.server.close());

  const read = async (customerNo: string, token = agent, query = '') =>
    (await world.server.call<TimelinePage>('GET', `/v1/holders/${customerNo}/timeline?limit=100${query}`, { token }))
      .body;
  const kinds = async (customerNo: string, token = agent) =>
    (await read(customerNo, token)).items.map(({ kind }) => kind);
  const hold = async (customerNo: string, token: string, asked: object) =>
    post<{ approvalRequest: { id: string } | null }>(
      world.server,
      token,
      `/v1/claims/${await claimNoOf(world.server, customerNo)}/holds`,
      { reasonText: 'x', ...asked },
    );
  const confidentially = async (customerNo: string) => {
    const asked = await hold(customerNo, compliance, {
      visibility: 'confidential',
      reasonCode: 'sanctions',
      authority: 'MOF',
      caseNumber: '1',
    });
    const checker = await createStaff(world.server, 'compliance');
    await post(world.server, checker.token, `/v1/approval-requests/${asked.body.approvalRequest?.id}/decisions`, {
      decision: 'approve',
    });
  };

  it('is one list of what happened, newest first, with who did it in words', async () => {
    await post(world.server, agent, '/v1/holders/C1/reveal', {
      fields: ['phone'],
      reason: 'to call back',
      reference: 'R1',
    });
    await post(world.server, await customerToken(world.server, 'C1'), '/v1/me/messages', { text: 'when?' });
    await post(world.server, agent, '/v1/holders/C1/objections', { claimedQuantityXem: '5', reason: 'more' });
    const batch = await approvedBatch(world, { customerNos: ['C1'] });
    await execute(world, batch.id);
    const { items, nextCursor } = await read('C1');
    expect(nextCursor).toBeNull();
    expect(items.map(({ at }) => at)).toEqual(
      items
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    expect(items.map(({ kind }) => kind).toSorted()).toEqual([
      'claim_batched',
      'claim_credited',
      'claim_decided',
      'claim_opened',
      'imported',
      'message_received',
      'objection_recorded',
      'revealed',
      'signed_in',
    ]);
    expect(items.find(({ kind }) => kind === 'revealed')).toMatchObject({
      actor: { kind: 'staff', name: 'Test support_agent' },
      text: { en: 'Shown in the clear: phone.', ja: 'マスク解除:電話番号。' },
    });
    expect(items.find(({ kind }) => kind === 'signed_in')?.actor).toEqual({ kind: 'customer', name: null });
    expect(items.find(({ kind }) => kind === 'claim_credited')?.text.ja).toMatch(
      /^補償明細 \d{4}-\d{4}-\d{4} の 89円が残高に反映されました\(反映日 \d{4}-\d\d-\d\d\)。$/,
    );
    for (const { text } of items) expect(`${text.ja}${text.en}`).not.toMatch(/undefined|null|NaN|when\?/);
  });

  it('goes on page by page over events of one instant', async () => {
    await world.server.database.asSuperuser(
      `INSERT INTO customer_sign_in (holder_id, method) SELECT id, 'code' FROM holder, generate_series(1, 7) WHERE customer_no = 'C2'`,
    );
    const whole = await read('C2');
    const small = async (cursor: string) =>
      (
        await world.server.call<TimelinePage>(
          'GET',
          `/v1/holders/C2/timeline?limit=2${cursor && `&cursor=${cursor}`}`,
          {
            token: agent,
          },
        )
      ).body;
    const ids = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: TimelinePage = await small(cursor);
      ids.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(whole.items);
  });

  it('reads the same for open and confidential holds, whoever looks, but for compliance', async () => {
    await hold('C3', officer, { visibility: 'open', reasonCode: 'other' });
    await confidentially('C4');
    // Two at once are one time under review.
    await hold('C5', officer, { visibility: 'open', reasonCode: 'other' });
    await confidentially('C5');
    const auditor = (await staffToken(world.server, 'auditor')).token;
    const plain = async (customerNo: string, token: string) =>
      JSON.stringify((await read(customerNo, token)).items)
        .replaceAll(/"at":"[^"]+"/g, '')
        .replaceAll(/\d{4}-\d{4}-\d{4}|[\d.,]+ ?(XEM|JPY|円)/g, '');
    for (const token of [agent, officer, auditor]) {
      expect(await kinds('C3', token)).toEqual(['review_began', 'claim_opened', 'claim_decided', 'imported']);
      expect(await plain('C4', token)).toBe(await plain('C3', token));
      expect(await plain('C5', token)).toBe(await plain('C3', token));
    }
    expect(await kinds('C4', compliance)).toContain('hold_placed');
    expect((await read('C4', compliance)).items[0]?.text.en).toMatch(/\(confidential: sanctions\)/);

    const release = async (customerNo: string) =>
      post(
        world.server,
        (await createStaff(world.server, 'claims_officer')).token,
        `/v1/claims/${await claimNoOf(world.server, customerNo)}/holds`,
        { releaseReason: 'settled' },
        'DELETE',
      );
    await release('C3');
    await release('C5');
    expect((await kinds('C3'))[0]).toBe('review_ended');
    expect((await kinds('C5'))[0]).toBe('review_began');
  });

  it('has calls, checks, complaints and notes, without a word of what was said, and those of compliance for itself', async () => {
    const calls = callsOf(world, agent);
    const { body: call } = await calls.open({ customerNo: 'C8' });
    await calls.check(call.id, { birthDate: '1980-01-31', phone: '0' });
    await calls.post(`/v1/contacts/${call.id}/complaint`, { category: 'delay', dueOn: '2018-03-16' });
    await calls.post(`/v1/contacts/${call.id}/notes`, { text: 'said in confidence', topic: 'threat' });
    await calls.close(call.id);
    const own = callsOf(world, compliance);
    await own.post('/v1/holders/C8/notes', { text: 'a case', topic: 'police' });
    const { items } = await read('C8');
    expect(items.slice(0, 5).map(({ kind, text: { en } }) => [kind, en.replace(/\d+/, 'N')])).toEqual([
      ['contact_closed', 'Contact N about the time was closed: answered.'],
      ['note_written', 'Note N about a threat was written.'],
      ['complaint_recorded', 'Contact N was recorded as a complaint.'],
      ['caller_checked', 'The caller of contact N did not pass the check.'],
      ['contact_opened', 'A call came in: the customer, contact N.'],
    ]);
    expect(JSON.stringify(items)).not.toContain('confidence');
    expect((await read('C8', compliance)).items[0]?.text.en).toMatch(/^Note \d+ about the police was written\.$/);
  });

  it('says how holds, complaints and notes ended', async () => {
    await hold('C9', officer, { visibility: 'open', reasonCode: 'other' });
    const second = (await createStaff(world.server, 'claims_officer')).token;
    const holds = `/v1/claims/${await claimNoOf(world.server, 'C9')}/holds`;
    await post(world.server, second, holds, { releaseReason: 'settled' }, 'DELETE');
    const calls = callsOf(world, agent);
    const { body: call } = await calls.open({ customerNo: 'C9' });
    await calls.post(`/v1/contacts/${call.id}/complaint`, { category: 'delay', dueOn: '2018-03-16' });
    const [lead, otherLead] = await Promise.all([
      staffToken(world.server, 'team_lead'),
      createStaff(world.server, 'team_lead'),
    ]);
    await callsOf(world, lead.token).post(`/v1/contacts/${call.id}/complaint/close`, { outcome: 'explained' });
    const { body: note } = await calls.post<{ id: string }>('/v1/holders/C9/notes', { text: '4111', topic: 'other' });
    const redaction = await callsOf(world, lead.token).post<{ approvalRequest: { id: string } }>(
      `/v1/notes/${note.id}/redactions`,
      { reason: 'a card number' },
    );
    await callsOf(world, otherLead.token).post(`/v1/approval-requests/${redaction.body.approvalRequest.id}/decisions`, {
      decision: 'approve',
    });
    const seen = await kinds('C9');
    expect(seen).toEqual(expect.arrayContaining(['review_ended', 'complaint_closed', 'note_redacted']));
    expect(seen).not.toContain('hold_released');
    expect(await kinds('C9', compliance)).toEqual(expect.arrayContaining(['hold_placed', 'hold_released']));
    expect(JSON.stringify(await read('C9'))).not.toContain('4111');
  });

  it('does not show others that compliance has looked', async () => {
    await post(world.server, compliance, '/v1/holders/C6/reveal', {
      fields: ['name'],
      reason: 'case work',
      reference: 'X1',
    });
    expect(await kinds('C6')).not.toContain('revealed');
    expect(await kinds('C6', compliance)).toContain('revealed');
  });

  it('of oneself or a relative answers as if there were none', async () => {
    const own = await createStaff(world.server, 'support_agent');
    await world.server.database.asSuperuser(`UPDATE staff SET customer_no = 'C7' WHERE id = $1`, [own.staffId]);
    for (const no of ['C7', 'C99999'])
      expect(await world.server.call('GET', `/v1/holders/${no}/timeline`, { token: own.token })).toMatchObject({
        status: 404,
        body: { code: 'holder_not_found' },
      });
  });

  it.each([
    'x',
    Buffer.from('k:1').toString('base64url'),
    Buffer.from('k:2018-02-31T00:00:00.000000Z|imported|1').toString('base64url'),
    Buffer.from(`k:2018-01-01T00:00:00.000000Z|im'ported|1`).toString('base64url'),
  ])('refuses the cursor %s', async (cursor) => {
    expect(await world.server.call('GET', `/v1/holders/C1/timeline?cursor=${cursor}`, { token: agent })).toMatchObject({
      status: 400,
      body: { code: 'cursor_invalid' },
    });
  });

  it('is found by indexes alone', async () => {
    await world.server.database.asSuperuser(
      `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
       someone AS (SELECT id FROM staff, off LIMIT 1),
       c AS (INSERT INTO campaign (kind, delivery_rule, subject_ja, subject_en, text_ja, text_en, made_by)
             SELECT 'policy_announced', 'at_most_once', 'x', 'x', 'x', 'x', id FROM someone RETURNING id),
       w AS (INSERT INTO mail_wave (campaign_id, seq, starts_at, mails_per_hour, from_hour, to_hour) SELECT id, 1, now(), 1, 9, 18 FROM c RETURNING id, campaign_id),
       n AS (INSERT INTO notification (campaign_id, wave_id, holder_id, status) SELECT w.campaign_id, w.id, h.id, 'queued' FROM w, holder h RETURNING id),
       r AS (INSERT INTO mail_report (report_sha256, kind, notification_id) SELECT encode(sha256(id::text::bytea), 'hex'), 'bounce', id FROM n),
       v AS (INSERT INTO reveal (holder_id, staff_id, fields, reason, reference) SELECT h.id, someone.id, '{name}', 'reason', 'x' FROM someone, holder h),
       s AS (INSERT INTO customer_sign_in (holder_id, method) SELECT id, 'code' FROM holder),
       cc AS (INSERT INTO contact_change (holder_id, fields) SELECT id, '{phone}' FROM holder),
       ic AS (INSERT INTO identity_check (holder_id, method, evidence_number, passed, checked_on, checked_by)
              SELECT h.id, 'letter', 'x', true, '2018-01-01', someone.id FROM someone, holder h),
       m AS (INSERT INTO customer_message (holder_id, text) SELECT id, 'x' FROM holder),
       o AS (INSERT INTO objection (holder_id, claimed_quantity_xem, reason, due_on, recorded_by, outcome, outcome_text, closed_by, closed_at)
             SELECT h.id, 1, 'x', '2018-01-01', someone.id, 'withdrawn', 'x', someone.id, now() FROM someone, holder h),
       ct AS (INSERT INTO contact (channel, direction, caller, holder_id, staff_id) SELECT 'phone', 'inbound', 'self', h.id, someone.id FROM someone, holder h RETURNING id, holder_id, staff_id),
       ck AS (INSERT INTO caller_check (contact_id, holder_id, staff_id, phone_matches, email_matches) SELECT id, holder_id, staff_id, true, true FROM ct),
       cp AS (INSERT INTO complaint (contact_id, category, due_on, recorded_by) SELECT id, 'delay', '2018-01-01', staff_id FROM ct),
       nt AS (INSERT INTO note (holder_id, written_by) SELECT holder_id, staff_id FROM ct RETURNING id, written_by),
       nv AS (INSERT INTO note_version (note_id, version, text, text_sha256, topic, written_by) SELECT id, 1, 'x', 'x', 'timing', written_by FROM nt),
       ch AS (INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash) SELECT id, 'open', 'active', 'other', 'x', repeat('a', 64) FROM claim),
       t AS (INSERT INTO ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
             SELECT 'credit', 1, wallet_account_id, 1, k.id, '2018-03-12', 'x' FROM claim k WHERE NOT EXISTS (SELECT FROM ledger_transfer x WHERE x.kind = 'credit' AND x.reference_id = k.id)),
       i AS (INSERT INTO credit_batch_item (batch_id, seq, claim_id, wallet_account_id, amount_jpy)
             SELECT 1, 1000000 + k.id, k.id, k.wallet_account_id, 1 FROM claim k WHERE NOT EXISTS (SELECT FROM credit_batch_item x WHERE x.claim_id = k.id)),
       a AS (INSERT INTO approval_request (subject_type, subject_id, content_hash, required_checkers, maker_id, status, closed_at, expires_at)
             SELECT 'hold_placement', (1000000 + k.id)::text, repeat('a', 64), 1, someone.id, 'approved', now(), now() + interval '1 day' FROM someone, claim k)
       SELECT 1`,
    );
    await world.server.database.asSuperuser('ANALYZE');
    for (const forCompliance of [true, false])
      for (const before of [null, { at: '2018-03-12T00:00:00.000000Z', kind: 'mail', id: '1' } as const]) {
        const plan = await world.server.app.get(Database).consistentRead(async (tx) => {
          const query = readTimeline({ holderId: 1_500n, forCompliance, before, limit: 51 });
          const rows = await tx.$queryRaw<Record<string, string>[]>(Prisma.sql`EXPLAIN ${query}`);
          return rows.flatMap((row) => Object.values(row)).join('\n');
        });
        const scanned = [...plan.matchAll(/Seq Scan on (\w+)/g)].map(([, table]) => table);
        expect(scanned.filter((table) => BIG.includes(table ?? ''))).toEqual([]);
      }
    const { items } = await read('C1500');
    const met = new Set(items.map(({ kind }) => kind));
    // All that begins; what ends is met above.
    expect(TIMELINE_KINDS.filter((kind) => !met.has(kind) && !ENDS.includes(kind))).toEqual([]);
    for (const { text } of items) expect(`${text.ja}${text.en}`).not.toMatch(/undefined|null|NaN/);
  });
});
