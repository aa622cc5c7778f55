import { createTestApp, type TestApp } from '../harness/app.js';
import { arrangeProgramme } from '../harness/programme.js';
import { staffToken } from '../harness/staff.js';
import { claimNoOf, decide, officers, post, type Officers, type RequestBody } from './claims.js';

/** With triggers off, as nobody could who is not above the database's own guards. */
const BY_FORCE = 'SET session_replication_role = replica;';

const LARGER = `UPDATE claim SET quantity_xem = 4, amount_jpy = round_jpy(4 * price_jpy_per_xem, rounding_rule) WHERE id = 2`;

interface Shown {
  readonly contentUnchanged: boolean;
  readonly preview: Record<string, unknown>;
}

describe('what checkers of a run see, and what they agree to', () => {
  let server: TestApp;
  let people: Officers;

  beforeEach(async () => {
    server = await createTestApp();
    people = await officers(server);
    const quantitiesMicroXem = [1n, 2_000_000n, 3_000_000n, 2_000_000_000_000n];
    await arrangeProgramme(server.database, { quantitiesMicroXem, fundJpy: 10n ** 12n });
    await post(server, people.maker, '/v1/claims/open');
  });
  afterEach(() => server.close());

  const propose = async () => {
    const ask = { filter: {}, dryRun: false, reasonCode: 'balance_confirmed' };
    const { body } = await post<{ preview: Shown['preview']; approvalRequest: RequestBody }>(
      server,
      people.maker,
      '/v1/approval-runs',
      ask,
    );
    expect(body.approvalRequest.requiredCheckers).toBe(2);
    return { seen: body.preview, id: body.approvalRequest.id };
  };
  const shown = async (id: string) =>
    (await server.call<Shown>('GET', `/v1/approval-requests/${id}`, { token: people.checker })).body;
  const approvedClaims = () =>
    server.database.asSuperuser(
      `SELECT FROM claim WHERE status = 'approved' OR id IN (SELECT claim_id FROM claim_decision)`,
    );
  const VOIDED = { status: 409, body: { code: 'approval_voided' } };

  it('shows what the maker saw while nothing has changed, and what there is now when something has', async () => {
    const { seen, id } = await propose();
    expect(await shown(id)).toMatchObject({ contentUnchanged: true, preview: seen });
    const agent = (await staffToken(server, 'support_agent')).token;
    const hold = { visibility: 'open', reasonCode: 'name_mismatch', reasonText: 'differs' };
    await post(server, agent, `/v1/claims/${await claimNoOf(server, 'C2')}/holds`, hold);
    expect(seen).toMatchObject({ payable: { count: '3' }, excluded: { under_review: { count: '0' } } });
    const now = { payable: { count: '2' }, excluded: { under_review: { count: '1' } } };
    expect(await shown(id)).toMatchObject({ contentUnchanged: true, preview: now });
  });

  it('counts the claims of staff as they are now, although no claim has changed', async () => {
    const { seen, id } = await propose();
    expect(seen).toMatchObject({ claimsOfStaff: { count: '0' } });
    const { staffId } = await staffToken(server, 'support_agent');
    await server.database.asSuperuser(`UPDATE staff SET customer_no = 'C3' WHERE id = $1`, [staffId]);
    expect(await shown(id)).toMatchObject({ preview: { claimsOfStaff: { count: '1' } } });
  });

  it.each([
    ['an amount', LARGER],
    ['a claim that is gone', `DELETE FROM claim WHERE id = 2`],
    ['the members of the run', `UPDATE approval_run SET claim_ids = '{[1,4)}'`],
  ])('voids the request at the first checker after a change by force: %s', async (_what, change) => {
    const { id } = await propose();
    await server.database.asSuperuser(`${BY_FORCE} ${change}`);
    expect(await shown(id)).toMatchObject({ contentUnchanged: false });
    expect(await decide(server, people.checker, id)).toMatchObject(VOIDED);
    expect(await approvedClaims()).toEqual([]);
  });

  it('computes the hash anew for the decision that takes effect, whatever the run says about its claims', async () => {
    const { id } = await propose();
    expect(await decide(server, people.checker, id)).toMatchObject({ status: 200, body: { status: 'pending' } });
    await server.database.asSuperuser(`${BY_FORCE} ${LARGER}`);
    await server.database.asSuperuser(
      `${BY_FORCE} UPDATE approval_run SET mark_xid = pg_snapshot_xmax(pg_current_snapshot()), proposed_in = pg_current_xact_id()`,
    );
    // By its own account the run is as it was, with nothing written since: the checker is shown no difference.
    expect(await shown(id)).toMatchObject({ contentUnchanged: true });
    expect(await decide(server, people.secondChecker, id)).toMatchObject(VOIDED);
    expect(await approvedClaims()).toEqual([]);
  });

  it('lets the application set what it saw when it proposes, and never again', async () => {
    await propose();
    for (const change of [
      `preview = '{}'`,
      'mark_claims = 0',
      `mark_xid = '9'`,
      `proposed_in = pg_current_xact_id()`,
    ]) {
      await expect(server.database.asApp(`UPDATE approval_run SET ${change}`)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(
      server.database.asApp(
        `INSERT INTO approval_run (filter, claim_ids, claim_count, total_jpy, below_one_yen_count, content_hash, names_customers, made_by, proposed_in)
         SELECT filter, claim_ids, claim_count, total_jpy, below_one_yen_count, content_hash, names_customers, made_by, '9'::xid8 FROM approval_run`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });
});
