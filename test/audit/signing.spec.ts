import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import pg from 'pg';
import { Audit, systemActor } from '../../src/audit/audit.js';
import { AnchorMail } from '../../src/audit/signing/anchor-mail.js';
import { AnchorPost } from '../../src/audit/signing/anchor-post.js';
import { CannotSign, HeadSigner } from '../../src/audit/signing/head-signer.js';
import { readAnchor, type Anchor } from '../../src/audit/signing/statements.js';
import { Database } from '../../src/platform/database/database.js';
import { verifyAudit } from '../../src/reconciliation/audited/verify-audit.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { startInbox } from '../harness/inbox.js';
import { tamper } from '../reconciliation/books.js';

const OPERATOR = { actor: { id: 'operator', role: 'operator' }, requestId: 'a-test' };

describe('the signed head of the chain', () => {
  let server: TestApp;
  let folder: string;
  let keyFile: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'henkin-key-'));
    keyFile = join(folder, 'key.pem');
    server = await createTestApp({ auditSigningKeyFile: keyFile });
    for (let nth = 1; nth <= 5; nth += 1) await record(nth);
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const record = (nth: number) =>
    server.app.get(Database, { strict: false }).transaction((tx) =>
      server.app.get(Audit, { strict: false }).record(tx, systemActor('a-test'), {
        action: 'thing.made',
        subjectType: 'thing',
        subjectId: String(nth),
      }),
    );
  const sign = () => server.app.get(HeadSigner, { strict: false }).sign();
  const rotate = (lost = false) => server.app.get(HeadSigner, { strict: false }).rotate(OPERATOR, { lost });
  const verify = async (anchor: Anchor | null = null) => {
    const client = new pg.Client({ connectionString: server.database.appUrl });
    await client.connect();
    try {
      await client.query('BEGIN');
      return await verifyAudit(client, anchor);
    } finally {
      await client.end();
    }
  };
  const cutAfter = (seq: bigint) =>
    tamper(
      server.database,
      `DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_chain WHERE seq > ${seq}); DELETE FROM audit_chain WHERE seq > ${seq}`,
    );
  /** As somebody would who has the database and every program, but not the key. */
  const rewriteHistory = () =>
    tamper(
      server.database,
      `UPDATE audit_event SET subject_id = 'other' WHERE id = (SELECT event_id FROM audit_chain WHERE seq = 3);
       DO $$ DECLARE link record; BEGIN
         FOR link IN SELECT c.seq, e FROM audit_chain c JOIN audit_event e ON e.id = c.event_id ORDER BY c.seq LOOP
           UPDATE audit_chain c SET previous_hash = p.hash,
             hash = sha256(convert_to(concat_ws(E'\\n', 'henkin audit chain 1', 'audit_event', c.seq, encode(p.hash, 'hex'), audit_event_text(link.e)), 'UTF8'))
           FROM audit_chain p WHERE c.seq = link.seq AND p.seq = link.seq - 1;
         END LOOP;
       END $$`,
    );

  it('is signed once, by a key that only its owner reads, and verifies', async () => {
    const [first, again] = await Promise.all([sign(), sign()]);
    expect(again).toEqual(first);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect(readAnchor(JSON.stringify(first))).toEqual(first);
    await record(6);
    await sign();
    expect(await verify(first)).toMatchObject({ finding: null, signedHeads: 2n, notes: [] });
  });

  it('[23] shows that the tail was cut: by later signed heads, and by an anchor when those were removed too', async () => {
    const early = await sign();
    await record(6);
    const late = await sign();
    await cutAfter(BigInt(early.seq));
    expect((await verify()).finding).toContain(
      `Link ${late.seq} was signed at ${late.signedAt}, and the chain ends with`,
    );
    await tamper(server.database, `DELETE FROM audit_signed_head WHERE seq = ${late.seq}`);
    expect(await verify(early)).toMatchObject({ finding: null });
    expect((await verify(late)).finding).toContain(
      `The anchor of ${late.signedAt} is of link ${late.seq}, and the chain ends`,
    );
  });

  it('verifies however many digits the numbers of its links have', async () => {
    const anchors: Anchor[] = [];
    for (let nth = 6; nth <= 12; nth += 1) {
      await record(nth);
      anchors.push(await sign());
    }
    expect(new Set(anchors.map(({ seq }) => seq.length))).toEqual(new Set([1, 2]));
    for (const anchor of anchors) expect(await verify(anchor)).toMatchObject({ finding: null, signedHeads: 7n });
  });

  it('shows that history was written anew, also by somebody who made every hash fit', async () => {
    const anchor = await sign();
    await rewriteHistory();
    expect((await verify()).finding).toContain(`Link ${anchor.seq} is not the one that was signed`);
    await tamper(server.database, 'DELETE FROM audit_signed_head');
    expect((await verify()).finding).toBeNull();
    expect((await verify(anchor)).finding).toContain(
      `The anchor of ${anchor.signedAt} says otherwise of link ${anchor.seq}`,
    );
  });

  it('is not believed when its signature, its anchor or its chain is another', async () => {
    const anchor = await sign();
    expect(() => readAnchor(JSON.stringify({ ...anchor, seq: '1' }))).toThrow('was changed');
    expect(() => readAnchor(JSON.stringify({ ...anchor, hash: 'x' }))).toThrow('hash is wrong');
    expect(() => readAnchor('{')).toThrow('not an anchor');
    await tamper(server.database, `UPDATE audit_signed_head SET signed_at = signed_at + interval '1 second'`);
    expect((await verify()).finding).toMatch(/^The signature over link \d+ of .* does not hold/);
    await tamper(server.database, 'UPDATE audit_chain SET hash = sha256(hash) WHERE seq = 0');
    expect((await verify(anchor)).finding).toContain('The anchor is of another chain');
  });

  it('goes on without a gap when the key is rotated', async () => {
    const before = await sign();
    const keyId = await rotate();
    expect(await readdir(folder)).toEqual(['key.pem']);
    const after = await sign();
    expect([after.keyId, before.keyId === keyId]).toEqual([keyId, false]);
    await rotate();
    await sign();
    expect(await verify(before)).toMatchObject({ finding: null, signedHeads: 3n, notes: [] });
    await tamper(
      server.database,
      `UPDATE audit_signing_key SET signature = decode(repeat('00', 64), 'hex') WHERE id = '${keyId}'`,
    );
    expect((await verify()).finding).toContain(`The signing key ${keyId} was not introduced by ${before.keyId}`);
  });

  it('says so when the key is lost, and ever after that nobody vouched for the next one', async () => {
    const before = await sign();
    await rm(keyFile);
    await record(6);
    await expect(sign()).rejects.toThrow(CannotSign);
    await expect(rotate()).rejects.toThrow(CannotSign);
    const keyId = await rotate(true);
    await sign();
    const { finding, notes } = await verify(before);
    expect(finding).toBeNull();
    expect(notes).toEqual([
      expect.stringContaining(`The signing key ${keyId} replaced ${before.keyId}, which was lost`),
    ]);
  });

  it('is sent away by mail, as a text that is an anchor', async () => {
    const inbox = await startInbox();
    const mailing = await createTestApp({
      auditSigningKeyFile: keyFile,
      auditAnchorMail: 'auditor@example.jp',
      smtpUrl: inbox.url,
    });
    try {
      await mailing.app.get(AnchorMail, { strict: false }).send();
      const [mail] = inbox.mails();
      const text = (mail?.raw.split('\r\n\r\n').slice(1).join('\n') ?? '')
        .replaceAll(/=\r?\n/g, '')
        .replaceAll('=3D', '=');
      expect([mail?.to, readAnchor(text).keyId]).toEqual(['auditor@example.jp', (await sign()).keyId]);
    } finally {
      await mailing.close();
      await inbox.close();
    }
  });

  it('is posted to a keeper elsewhere, as an anchor, and to nobody that this one names', async () => {
    const kept: string[] = [];
    const answers = [200, 503, 307];
    const keeper = createServer((request, response) => {
      void (async () => {
        kept.push(`${request.method} ${request.url} ${await readText(request)}`);
        response.writeHead(answers.shift() ?? 500, { location: '/elsewhere' }).end();
      })();
    }).listen(0, '127.0.0.1');
    await once(keeper, 'listening');
    const auditAnchorUrl = `http://127.0.0.1:${(keeper.address() as AddressInfo).port}/anchors`;
    const posting = await createTestApp({ auditSigningKeyFile: keyFile, auditAnchorUrl });
    try {
      const post = () => posting.app.get(AnchorPost, { strict: false }).send();
      await post();
      expect(readAnchor(kept[0]?.replace('POST /anchors ', '') ?? '').keyId).toBe((await sign()).keyId);
      await expect(post()).rejects.toThrow('answered 503');
      await expect(post()).rejects.toThrow();
      expect(kept.map((one) => one.split(' ', 2).join(' '))).toEqual(Array<string>(3).fill('POST /anchors'));
    } finally {
      await posting.close();
      keeper.closeAllConnections();
      keeper.close();
    }
  });

  it.each([
    [
      `INSERT INTO audit_signed_head SELECT seq + 1, hash, now(), key_id, signature FROM audit_signed_head`,
      'audit_signed_head_is_of_chain',
    ],
    [
      `INSERT INTO audit_signing_key (id, public_key) SELECT left(encode(sha256(k), 'hex'), 16), k FROM (SELECT sha256('x') AS k) AS made`,
      'audit_signing_key_one_first',
    ],
    [`UPDATE audit_signing_key SET public_key = public_key`, undefined],
    [`DELETE FROM audit_signed_head`, undefined],
  ])('is guarded by the database: %s', async (sql, constraint) => {
    await sign();
    await expect(server.database.asApp(sql)).rejects.toMatchObject(constraint ? { constraint } : { code: '42501' });
  });
});
