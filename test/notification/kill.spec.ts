import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../harness/eventually.js';
import { startServer, type ServerProcess } from '../harness/server-process.js';
import { closeMailWorld, createMailWorld, release, show, wave, type MailWorld } from './campaigns.js';

const HOLDERS = 300;
const KILLS = 5;

describe('the worker killed while it sends', () => {
  let world: MailWorld;
  let worker: ServerProcess;
  const start = async () => {
    worker = await startServer(world.server.database, {
      RUN_JOBS: 'true',
      LOG_LEVEL: 'warn',
      SMTP_URL: world.inbox.url,
      MAIL_FROM: 'info@henkin.test',
    });
  };

  beforeAll(async () => {
    world = await createMailWorld(HOLDERS);
  });
  afterAll(async () => {
    await worker.stop();
    await closeMailWorld(world);
  });

  it('every holder has exactly one mail or is named with the reason, and nobody has two', async () => {
    // Slow enough that every kill hits a wave under way.
    const id = await release(world, { waves: [wave({ mailsPerHour: 90_000 })] });
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const before = world.inbox.mails().length;
      await start();
      await eventually(() => world.inbox.mails().length >= before + 20);
      await pause(Math.random() * 50);
      await worker.stop('SIGKILL');
    }
    await start();
    await eventually(async () => (await show(world, id)).waves[0]?.status === 'completed');

    const written = await world.server.database.asSuperuser<{ status: string; message_id: string; holder_id: string }>(
      'SELECT status, message_id, holder_id FROM notification',
    );
    expect(new Set(written.map((mail) => mail.holder_id)).size).toBe(HOLDERS);
    expect(written).toHaveLength(HOLDERS);
    const arrived = world.inbox.mails().map(({ messageId }) => messageId);
    expect(new Set(arrived).size).toBe(arrived.length);
    expect(new Set(world.inbox.mails().map(({ to }) => to)).size).toBe(arrived.length);
    for (const mail of written) {
      if (mail.status === 'sent') expect(arrived).toContain(mail.message_id);
      else expect(mail.status).toBe('outcome_unknown');
    }
    // At most the mails of each moment of death are unknown.
    expect(written.filter(({ status }) => status === 'outcome_unknown').length).toBeLessThanOrEqual(KILLS * 4);
  }, 240_000);
});
