import type { Behaviour } from '../harness/inbox.js';
import {
  closeMailWorld,
  createMailWorld,
  mails,
  release,
  show,
  skipWaiting,
  wave,
  work,
  type MailWorld,
} from './campaigns.js';

describe('mail servers that do not do their part', () => {
  let world: MailWorld;
  beforeEach(async () => {
    world = await createMailWorld(4);
  });
  afterEach(() => closeMailWorld(world));

  const only = (customerNo: string, behaviour: Behaviour) => (to: string) =>
    to.startsWith(`${customerNo.toLowerCase()}@`) ? behaviour : 'accept';
  const stateOf = async (id: string, customerNo: string) =>
    (await mails(world, id)).find((mail) => mail.customerNo === customerNo);
  const copiesFor = (customerNo: string) =>
    world.inbox.mails().filter(({ to }) => to.startsWith(`${customerNo.toLowerCase()}@`));

  it('an address put off is tried later under the same Message-ID, and holds nobody else up', async () => {
    world.inbox.behave(only('C2', { at: 'recipient', code: 450 }));
    const id = await release(world);
    await work(world, id);
    expect(world.inbox.mails()).toHaveLength(3);
    const putOff = await stateOf(id, 'C2');
    expect(putOff).toMatchObject({ status: 'failed_temporarily', smtpCode: 450, attempts: 1 });
    expect((await show(world, id)).waves[0]?.status).toBe('sending');
    await work(world, id);
    expect(await stateOf(id, 'C2')).toMatchObject({ attempts: 1 });

    world.inbox.behave(() => 'accept');
    await skipWaiting(world);
    await work(world, id);
    expect(await stateOf(id, 'C2')).toMatchObject({ status: 'sent', attempts: 2, messageId: putOff?.messageId });
    expect(copiesFor('C2')).toMatchObject([{ messageId: putOff?.messageId }]);
    expect((await show(world, id)).waves[0]?.status).toBe('completed');
  });

  it.each([
    ['an unknown address', { at: 'recipient', code: 550 }],
    ['a mailbox that is full for good', { at: 'data', code: 552 }],
  ] as const)('%s is refused, named, and not tried again', async (_name, behaviour) => {
    world.inbox.behave(only('C3', behaviour));
    const id = await release(world);
    await work(world, id);
    expect(await stateOf(id, 'C3')).toMatchObject({ status: 'refused', smtpCode: behaviour.code, attempts: 1 });
    expect((await show(world, id)).waves[0]?.status).toBe('completed');
  });

  it('a mailbox that is full for now is given up after six tries', async () => {
    world.inbox.behave(only('C3', { at: 'data', code: 452 }));
    const id = await release(world);
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await work(world, id);
      await skipWaiting(world);
    }
    expect(await stateOf(id, 'C3')).toMatchObject({ status: 'refused', smtpCode: 452, attempts: 6 });
  });

  it.each(['drop_after_data', 'accept_then_drop'] as const)(
    'a connection lost after the text (%s): at most once never tries again, and says that nobody knows',
    async (behaviour) => {
      world.inbox.behave(only('C1', behaviour));
      const id = await release(world);
      await work(world, id);
      // Cutting the connections hits whichever mails were under way with the same server.
      const unknown = await mails(world, id, '&status=outcome_unknown');
      expect(unknown.map(({ customerNo }) => customerNo)).toContain('C1');
      world.inbox.behave(() => 'accept');
      await skipWaiting(world);
      await work(world, id);
      expect(await stateOf(id, 'C1')).toMatchObject({ status: 'outcome_unknown', attempts: 1 });
      expect(copiesFor('C1').length).toBe(behaviour === 'accept_then_drop' ? 1 : 0);
    },
  );

  it('a connection lost after the text: at least once tries again under the same Message-ID', async () => {
    world.inbox.behave(only('C1', 'accept_then_drop'));
    const id = await release(world, { deliveryRule: 'at_least_once', waves: [wave({ mostRecipients: 1 })] });
    await work(world, id);
    expect(await stateOf(id, 'C1')).toMatchObject({ status: 'failed_temporarily' });
    world.inbox.behave(() => 'accept');
    await skipWaiting(world);
    await work(world, id);
    const sent = await stateOf(id, 'C1');
    expect(sent).toMatchObject({ status: 'sent', attempts: 2 });
    expect(copiesFor('C1').map(({ messageId }) => messageId)).toEqual([sent?.messageId, sent?.messageId]);
  });

  it('a server that is gone: nothing is lost, nothing is sent twice, the wave rests', async () => {
    await world.inbox.close();
    const id = await release(world);
    await work(world, id);
    const states = (await mails(world, id)).map(({ status }) => status);
    expect(states.every((state) => state === 'queued' || state === 'failed_temporarily')).toBe(true);
    expect((await show(world, id)).waves[0]?.status).toBe('sending');
  });

  it('a server that says nothing more is left alone, and what was not begun is tried later', async () => {
    world.inbox.behave(only('C1', 'stall'));
    const id = await release(world, { waves: [wave({ mostRecipients: 1 })] });
    await work(world, id);
    expect(await stateOf(id, 'C1')).toMatchObject({ status: 'failed_temporarily', smtpCode: null });
    world.inbox.behave(() => 'accept');
    await skipWaiting(world);
    await work(world, id);
    expect(await stateOf(id, 'C1')).toMatchObject({ status: 'sent' });
    expect(copiesFor('C1')).toHaveLength(1);
  }, 60_000);
});
