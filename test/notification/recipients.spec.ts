import {
  closeMailWorld,
  createMailWorld,
  mails,
  post,
  release,
  show,
  wave,
  work,
  write,
  type MailWorld,
} from './campaigns.js';

describe('whom a campaign concerns', () => {
  let world: MailWorld;
  beforeAll(async () => {
    world = await createMailWorld(6);
    const { asSuperuser } = world.server.database;
    await asSuperuser(`UPDATE holder SET language = 'en' WHERE customer_no = 'C1'`);
    await asSuperuser(`UPDATE holder SET kind = 'corporate' WHERE customer_no = 'C2'`);
    await asSuperuser(`UPDATE holder SET identity_status = 'verified' WHERE customer_no = 'C3'`);
  });
  afterAll(() => closeMailWorld(world));

  const reached = async (kind: string, filter: object = {}) => {
    const id = await release(world, { kind, waves: [wave(filter)] });
    await work(world, id);
    return (await mails(world, id, '&status=sent')).map(({ customerNo }) => customerNo).sort();
  };

  it('is nobody about claims before there are any', async () => {
    expect(await reached('claim_opened')).toEqual([]);
    expect((await post(world, world.writer, '/v1/claims/open')).status).toBe(200);
    expect(await reached('claim_opened')).toEqual(['C1', 'C2', 'C3', 'C4', 'C5', 'C6']);
  });

  it.each([
    ['everybody with a balance', 'policy_announced', {}, ['C1', 'C2', 'C3', 'C4', 'C5', 'C6']],
    ['those who read English', 'policy_announced', { language: 'en' }, ['C1']],
    ['companies', 'policy_announced', { holderKind: 'corporate' }, ['C2']],
    [
      'people who read Japanese',
      'policy_announced',
      { language: 'ja', holderKind: 'individual' },
      ['C3', 'C4', 'C5', 'C6'],
    ],
    ['the first two', 'policy_announced', { mostRecipients: 2 }, ['C1', 'C2']],
    ['those who have to show who they are', 'action_needed', {}, ['C1', 'C2', 'C4', 'C5', 'C6']],
  ])('is %s', async (_who, kind, filter, customerNos) => {
    expect(await reached(kind, filter)).toEqual(customerNos);
  });

  it('hears of it between nine and six in Japan unless the wave says otherwise', async () => {
    const { fromHour: _from, toHour: _to, ...plain } = wave() as Record<string, unknown>;
    const { body } = await write(world, { waves: [plain] });
    expect((await show(world, body.id)).waves[0]).toMatchObject({ fromHour: 9, toHour: 18 });
  });
});
