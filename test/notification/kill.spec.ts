import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../harness/eventually.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { startServer, type ServerProcess } from '../harness/server-process.js';
import {
  closeMailWorld,
  createMailWorld,
  release,
  show,
  skipWaiting,
  wave,
  work,
  type MailWorld,
} from './campaigns.js';

const HOLDERS = 5_000;
const KILLS = 5;
const WAVES = [1, 2, 3, 4, 5];
/** Mails of a wave that are spoken about at the same time: as many are unknown after each death, of the worker or of the mail server. */
const UNDER_WAY = 4;
/** No worker gets further before it is killed, however late that is noticed: the mail server lets it wait. */
const MOST_OF_A_WORKER = 400;
/** A worker has two jobs in hand. */
const WAVES_OF_A_WORKER = 2;

describe('5,000 mails, with the worker killed and the mail server stalled and killed meanwhile', () => {
  let world: MailWorld;
  let worker: ServerProcess;
  let inboxes: Inbox[];
  const start = async () => {
    let accepted = 0;
    world.inbox.behave(() => ((accepted += 1) > MOST_OF_A_WORKER ? 'stall' : 'accept'));
    worker = await startServer(world.server.database, {
      RUN_JOBS: 'true',
      LOG_LEVEL: 'warn',
      SMTP_URL: world.inbox.url,
      MAIL_FROM: 'info@henkin.test',
    });
  };
  const arrived = () => inboxes.flatMap((inbox) => inbox.mails());
  const more = async (mails: number) => {
    const before = arrived().length;
    await eventually(() => arrived().length >= before + mails);
    await pause(Math.random() * 50);
  };

  beforeAll(async () => {
    world = await createMailWorld(HOLDERS);
    inboxes = [world.inbox];
  });
  afterAll(async () => {
    await worker.stop();
    await Promise.all(inboxes.map((inbox) => inbox.close()));
    await closeMailWorld(world);
  });

  it('every holder has exactly one mail or is named with the reason, and nobody has two', async () => {
    const waves = WAVES.map(() => wave({ mostRecipients: HOLDERS / WAVES.length }));
    const id = await release(world, { waves });
    for (let kill = 1; kill < KILLS; kill += 1) {
      await start();
      await more(100);
      await worker.stop('SIGKILL');
    }
    await start();
    await more(100);
    let stalled = 0;
    world.inbox.behave(() => {
      stalled += 1;
      return 'stall';
    });
    await eventually(() => stalled > 0);
    await worker.stop('SIGKILL');
    world.inbox.behave(() => 'accept');

    const workOnAll = () => Promise.all(WAVES.map((seq) => work(world, id, seq)));
    const cut = more(100).then(() => world.inbox.close());
    const statuses = async () =>
      (await show(world, id)).waves.flatMap(({ mails }) => mails.map(({ status }) => status));
    await eventually(async () => {
      await workOnAll();
      return (await statuses()).includes('failed_temporarily');
    });
    await cut;
    inboxes.push(await startInbox(Number(new URL(world.inbox.url).port)));
    await eventually(async () => {
      // What the dead server was to have is tried again after minutes; they are let pass at once.
      await skipWaiting(world);
      await workOnAll();
      return (await show(world, id)).waves.every(({ status }) => status === 'completed');
    });

    const written = await world.server.database.asSuperuser<{ status: string; message_id: string; holder_id: string }>(
      'SELECT status, message_id, holder_id FROM notification',
    );
    expect(new Set(written.map((mail) => mail.holder_id)).size).toBe(HOLDERS);
    expect(written).toHaveLength(HOLDERS);
    const ids = new Set(arrived().map(({ messageId }) => messageId));
    expect(ids.size).toBe(arrived().length);
    expect(new Set(arrived().map(({ to }) => to)).size).toBe(arrived().length);
    const sent = written.filter(({ status }) => status === 'sent');
    expect(sent.filter((mail) => !ids.has(mail.message_id))).toEqual([]);
    const others = written.filter(({ status }) => status !== 'sent');
    expect(others.filter(({ status }) => status !== 'outcome_unknown')).toEqual([]);
    // Only mails of each moment of death are unknown, whether they arrived or not.
    expect(others.length).toBeLessThanOrEqual((KILLS * WAVES_OF_A_WORKER + WAVES.length) * UNDER_WAY);
    expect(ids.size).toBeGreaterThanOrEqual(sent.length);
    // Ten thousand transactions, and as long as it takes beside all other tests.
  }, 600_000);
});
