import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { BulkLookUps } from '../../src/call-centre/bulk-look-up/bulk-look-up.service.js';
import type { BulkLookUpView } from '../../src/call-centre/bulk-look-up/bulk-look-up.dto.js';
import type { HolderView } from '../../src/call-centre/call-centre.views.js';
import { claimNoOf } from '../claim/claims.js';
import {
  approvedBatch,
  createBatchWorld,
  draft,
  execute,
  quantities,
  type BatchWorld,
} from '../credit-batch/batches.js';
import { createStaff, staffToken, type TestStaff } from '../harness/staff.js';

type Asked = BulkLookUpView & { readonly code: string };
type Line = Readonly<Record<string, string>>;

describe('a bulk look-up', () => {
  let world: BatchWorld;
  let lead: TestStaff;
  beforeAll(async () => {
    world = await createBatchWorld(quantities(9));
    lead = await staffToken(world.server, 'team_lead');
    const batch = await approvedBatch(world, { customerNos: ['C1'] });
    await execute(world, batch.id);
    await draft(world, { customerNos: ['C2'] });
    await world.server.database.asSuperuser(
      `SET session_replication_role = replica;
       UPDATE claim SET status = 'pending' WHERE holder_id IN (SELECT id FROM holder WHERE customer_no IN ('C5', 'C6', 'C7', 'C8'));
       UPDATE claim SET held = true WHERE holder_id IN (SELECT id FROM holder WHERE customer_no IN ('C6', 'C7', 'C8'));
       DELETE FROM claim WHERE holder_id = (SELECT id FROM holder WHERE customer_no = 'C9');
       INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
       SELECT c.id, (CASE customer_no WHEN 'C7' THEN 'confidential' ELSE 'open' END)::hold_visibility, 'active',
         CASE customer_no WHEN 'C6' THEN 'contact_changed' WHEN 'C7' THEN 'sanctions' ELSE 'no_wallet' END, 'Why.', repeat('a', 64)
       FROM claim c JOIN holder h ON h.id = c.holder_id WHERE customer_no IN ('C6', 'C7', 'C8')`,
    );
  });
  afterAll(() => world.server.close());

  const ask = async (content: string | Buffer, { token } = lead, fields: Line = {}) => {
    const boundary = `b${randomUUID()}`;
    const part = (head: string, value: string | Buffer) => [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ];
    const answer = await world.server.app.inject({
      method: 'POST',
      url: '/v1/bulk-look-ups',
      headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload: Buffer.concat([
        ...Object.entries(fields).flatMap(([name, value]) => part(`name="${name}"`, value)),
        ...part('name="file"; filename="keys.csv"', content),
        Buffer.from(`--${boundary}--\r\n`),
      ]),
    });
    return { status: answer.statusCode, body: JSON.parse(answer.body) as Asked };
  };
  const show = (id: string, { token } = lead) => world.server.call<Asked>('GET', `/v1/bulk-look-ups/${id}`, { token });
  const work = (id: string) => world.server.app.get(BulkLookUps, { strict: false }).answer(id);
  const download = async (id: string, { token } = lead, charset?: string) =>
    world.server.app.inject({
      method: 'GET',
      url: `/v1/bulk-look-ups/${id}/result.csv${charset ? `?charset=${charset}` : ''}`,
      headers: { authorization: `Bearer ${token}` },
    });
  const answered = async (content: string, person = lead) => {
    const { body } = await ask(content, person);
    await work(body.id);
    const { rawPayload } = await download(body.id, person);
    return { id: body.id, lines: parse<Line>(rawPayload, { bom: true, columns: true }) };
  };
  const events = async (id: string) =>
    world.server.database.asSuperuser<{
      action: string;
      row_count: string | null;
      rows_digest: string | null;
      text: string;
    }>(
      `SELECT action, row_count, rows_digest, coalesce(after::text, '') AS text FROM audit_event WHERE subject_id = $1 ORDER BY id`,
      [id],
    );

  it('is accepted as a job and answered as a whole, on record with count and digest', async () => {
    const asked = await ask('key\nC1\nC2\nC404\n');
    expect(asked).toMatchObject({
      status: 202,
      body: { status: 'waiting', keyCount: 3, answeredCount: 0, foundCount: null, resultHref: null },
    });
    expect((await download(asked.body.id)).json()).toMatchObject({ status: 409, code: 'bulk_look_up_not_answered' });
    await work(asked.body.id);
    await work(asked.body.id);
    const href = `/v1/bulk-look-ups/${asked.body.id}/result.csv`;
    expect((await show(asked.body.id)).body).toMatchObject({
      status: 'answered',
      answeredCount: 3,
      foundCount: 2,
      resultHref: href,
    });
    const result = await download(asked.body.id);
    expect(result.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'cache-control': 'no-store',
      'content-disposition': expect.stringContaining('attachment') as string,
    });
    const [askedFor, done, taken] = await events(asked.body.id);
    expect(askedFor).toMatchObject({
      action: 'bulk_look_up.asked',
      row_count: '3',
      rows_digest: asked.body.fileSha256,
    });
    expect(done).toMatchObject({
      action: 'bulk_look_up.answered',
      row_count: '3',
      rows_digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(taken).toMatchObject({ action: 'bulk_look_up.downloaded' });
  });

  it('answers every row in its place, whatever kind of number it is and however often it comes', async () => {
    const claimNo = await claimNoOf(world.server, 'C2');
    const hyphened = claimNo.replaceAll(/(\d{4})(?=\d)/g, '$1-');
    const mistyped = claimNo.slice(0, 11) + ((Number(claimNo[11]) + 1) % 10);
    const { lines } = await answered(
      [
        'key',
        claimNo,
        'C2',
        hyphened,
        claimNo.replaceAll('0', 'O'),
        'Ｃ２',
        mistyped,
        'C9',
        'nobody@example.jp',
        "' OR 1=1",
        'C2',
      ].join('\n'),
    );
    expect(lines.map(({ result }) => result)).toEqual([
      ...Array<string>(5).fill('found'),
      'mistyped',
      'no_claim',
      'not_found',
      'not_found',
      'found',
    ]);
    expect(lines.filter(({ result }) => result === 'found').every((line) => line['claim_no'] === claimNo)).toBe(true);
    expect(lines[1]).toMatchObject({
      customer_no: 'C2',
      state: 'approved',
      amount_jpy: world.amounts[1]?.toString(),
      reasons: 'in_draft_batch',
    });
  });

  it('says of each claim what its page says to the same person, and no more', async () => {
    const officer = await staffToken(world.server, 'claims_officer');
    const compliance = await staffToken(world.server, 'compliance');
    for (const person of [lead, officer, compliance]) {
      const { lines } = await answered(`key\n${Array.from({ length: 8 }, (_, n) => `C${n + 1}`).join('\n')}\n`, person);
      for (const line of lines) {
        const page = await world.server.call<HolderView>('GET', `/v1/holders/${line['key']}`, { token: person.token });
        const [claim] = page.body.claims;
        expect(line).toMatchObject({
          state: claim?.status,
          amount_jpy: claim?.amountJpy,
          reasons: claim?.whyNotCredited.map(({ code }) => code).join(' '),
          reason_ja: claim?.whyNotCredited[0]?.agent.ja ?? '',
        });
      }
      const [open, confidential] = ['C8', 'C7'].map((key) => lines.find((line) => line['key'] === key));
      const alike = (line?: Line) => [
        line?.['result'],
        line?.['state'],
        line?.['reasons'],
        line?.['reason_ja'],
        line?.['reason_en'],
      ];
      expect(alike(confidential)).toEqual(alike(open));
      expect(JSON.stringify(lines)).not.toMatch(/sanction|confidential|no_wallet/);
    }
  });

  it('is for its owner alone, and knows nobody of whom its owner may know nothing', async () => {
    const relative = await createStaff(world.server, 'team_lead', { customerNo: 'C3' });
    const claimNo = await claimNoOf(world.server, 'C3');
    const { id, lines } = await answered(`key\nC3\n${claimNo}\nC404\n`, relative);
    const answers = new Set(lines.map(({ key: _key, ...rest }) => JSON.stringify(rest)));
    expect([...answers]).toEqual([expect.stringContaining('not_found')]);
    const auditor = await staffToken(world.server, 'auditor');
    expect((await show(id, auditor)).status).toBe(403);
    expect((await show(id)).body.code).toBe('bulk_look_up_not_found');
    expect((await download(id)).json()).toMatchObject({ status: 404, code: 'bulk_look_up_not_found' });
  });

  it('[29] defuses cells, and gives back nothing that hides', async () => {
    const { lines, id } = await answered('key\n"=HYPERLINK(""http://x"")"\n+81\n-1\n@x\n\u202eC1\nA\u0000B\n');
    expect(lines.map(({ key }) => key)).toEqual([
      '\'=HYPERLINK("http://x")',
      "'+81",
      "'-1",
      "'@x",
      '\uFFFDC1',
      'A\uFFFDB',
    ]);
    expect((await events(id)).map(({ text }) => text).join()).not.toContain('HYPERLINK');
  });

  it('speaks Windows-31J when asked to, both ways', async () => {
    const { body } = await ask(iconv.encode('key\n髙橋\nC5\n', 'cp932'), lead, { charset: 'windows-31j' });
    await work(body.id);
    const { rawPayload, headers } = await download(body.id, lead, 'windows-31j');
    expect(headers['content-type']).toBe('text/csv; charset=windows-31j');
    const text = iconv.decode(rawPayload, 'cp932');
    expect(text).toMatch(/^key,result,/);
    expect(text).toContain('\r\n髙橋,not_found,');
    expect(text).toContain('支払判定前です。');
  });

  it.each<[string, string | Buffer]>([
    ['file_empty', ''],
    ['file_without_rows', 'key\n'],
    ['header_missing', 'customer_no\nC1\n'],
    ['header_unknown', 'key,name\nC1,x\n'],
    ['csv_unreadable', 'key\n"C1\n'],
    ['charset_unreadable', Buffer.from([0x6b, 0x65, 0x79, 0x0a, 0x83, 0x0a])],
    ['too_many_keys', `key\n${'C1\n'.repeat(50_001)}`],
    ['line_too_long', `key\n${'9'.repeat(70_000)}\n`],
  ])('is refused as a whole as %s', async (code, content) => {
    const count = () => world.server.database.asSuperuser('SELECT count(*) FROM bulk_look_up');
    const before = await count();
    expect((await ask(content)).body.code).toBe(code);
    expect(await count()).toEqual(before);
  });

  it('is destroyed when its time is over, and only then', async () => {
    const { id } = await answered('key\nC1\n');
    const lookUps = world.server.app.get(BulkLookUps, { strict: false });
    await lookUps.destroyExpired();
    expect((await show(id)).body.status).toBe('answered');
    await expect(world.server.database.asApp(`DELETE FROM bulk_look_up_key`)).rejects.toThrow('time is not over');
    await world.server.database.asSuperuser(
      `SET session_replication_role = replica; UPDATE bulk_look_up SET created_at = now() - interval '2 days', expires_at = now() - interval '1 second' WHERE id = '${id}'`,
    );
    expect((await download(id)).json()).toMatchObject({ status: 410, code: 'bulk_look_up_destroyed' });
    await lookUps.destroyExpired();
    expect((await show(id)).body).toMatchObject({ status: 'destroyed', keyCount: 1, foundCount: 1, resultHref: null });
    expect(
      await world.server.database.asSuperuser('SELECT 1 FROM bulk_look_up_key WHERE bulk_look_up_id = $1', [id]),
    ).toEqual([]);
  });

  it('is guarded by the database itself', async () => {
    const { id } = await answered('key\nC1\n');
    const { asApp } = world.server.database;
    await expect(asApp(`UPDATE bulk_look_up_key SET amount_jpy = 1 WHERE bulk_look_up_id = '${id}'`)).rejects.toThrow(
      'not changed',
    );
    await expect(asApp(`UPDATE bulk_look_up SET status = 'waiting' WHERE id = '${id}'`)).rejects.toThrow(
      'does not go from',
    );
    await expect(asApp(`UPDATE bulk_look_up SET status = 'destroyed' WHERE id = '${id}'`)).rejects.toThrow(
      'time is not over',
    );
    await expect(asApp(`UPDATE bulk_look_up SET expires_at = now() WHERE id = '${id}'`)).rejects.toThrow(
      'permission denied',
    );
    await expect(asApp(`DELETE FROM bulk_look_up`)).rejects.toThrow('permission denied');
    await expect(
      asApp(
        `INSERT INTO bulk_look_up (owner_id, file_sha256, key_count, expires_at) SELECT owner_id, file_sha256, 50001, now() + interval '1 day' FROM bulk_look_up LIMIT 1`,
      ),
    ).rejects.toThrow('bulk_look_up_size');
  });
});
