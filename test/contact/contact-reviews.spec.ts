import { ContactReviews } from '../../src/contact/contact-reviews.js';
import { post } from '../claim/claims.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme } from '../harness/programme.js';
import { staffToken, type TestStaff } from '../harness/staff.js';

const COUNT = 24;

describe('changed contacts are looked at', () => {
  let server: TestApp;
  let agent: TestStaff;
  beforeAll(async () => {
    server = await createTestApp();
    await arrangeProgramme(server.database, {
      quantitiesMicroXem: Array<bigint>(COUNT).fill(1_000_000_000n),
      fundJpy: 10_000_000n,
    });
    await server.database.asSuperuser(
      `SET session_replication_role = replica; UPDATE holder SET email = lower(customer_no) || '@before.test', phone = '090-0000-00' || lpad(id::text, 2, '0')`,
    );
    await server.database.asSuperuser(
      `INSERT INTO holder_search_key (holder_id, email_key, phone_key) SELECT id, email, phone FROM holder`,
    );
    agent = await staffToken(server, 'support_agent');
  });
  afterAll(() => server.close());

  const change = async (nth: number, email: string) => {
    const { status } = await post(server, agent.token, `/v1/holders/C${nth}/contact-changes`, {
      email,
      reason: 'A new address',
      reference: 'CALL-1',
    });
    expect(status).toBe(200);
  };
  const review = () => server.app.get(ContactReviews, { strict: false }).review();
  const items = (kind: string) =>
    server.database.asSuperuser<{ customer_no: string | null; subject_id: string }>(
      `SELECT customer_no, subject_id FROM work_item LEFT JOIN holder ON holder.id = holder_id WHERE work_item.kind::text = $1 ORDER BY work_item.id`,
      [kind],
    );

  it('each once, however often the review runs', async () => {
    await change(1, 'one@after.test');
    await review();
    await review();
    expect((await items('contact_changed')).map(({ customer_no }) => customer_no)).toEqual(['C1']);
    expect(await items('shared_contact')).toEqual([]);
  });

  it('and flagged when another customer has the same address', async () => {
    await change(2, 'one@after.test');
    await review();
    expect((await items('shared_contact')).map(({ customer_no }) => customer_no)).toEqual(['C2']);
  });

  it('and flagged for compliance alone when one person changes many in an hour', async () => {
    for (let nth = 3; nth <= 19; nth += 1) await change(nth, `c${nth}@after.test`);
    await review();
    expect(await items('contact_burst')).toEqual([]);
    await change(20, 'c20@after.test');
    await review();
    expect(await items('contact_burst')).toEqual([{ customer_no: null, subject_id: agent.staffId }]);
    const listed = (token: string) => server.call('GET', '/v1/work-items?kind=contact_burst', { token });
    const [lead, compliance] = [await staffToken(server, 'team_lead'), await staffToken(server, 'compliance')];
    expect(await listed(lead.token)).toMatchObject({ body: { items: [] } });
    expect(await listed(compliance.token)).toMatchObject({ body: { items: [{ kind: 'contact_burst' }] } });
  });
});
