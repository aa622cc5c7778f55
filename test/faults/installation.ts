import { setTimeout as pause } from 'node:timers/promises';
import { createTestApp, type TestApp } from '../harness/app.js';
import { eventually } from '../harness/eventually.js';
import { startInbox, type Inbox } from '../harness/inbox.js';
import { startServer, startWatch, type ServerProcess } from '../harness/server-process.js';
import type { Child } from '../harness/child-process.js';
import { hirePeople } from '../job/people.js';
import type { People } from '../job/job.js';
import type { FaultCluster } from './fault-cluster.js';
import type { FaultFigures } from './figures.js';
import { InvariantReader } from './invariant-reader.js';
import { LossyLink } from './lossy-link.js';

/** What makes a Node process believe that it is some days later or earlier than it is. */
const withClockOff = (days: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`
    const off = ${days * 86_400_000};
    const now = Date.now;
    globalThis.Date = class extends Date {
      constructor(...given) { given.length === 0 ? super(now() + off) : super(...given); }
      static now() { return now() + off; }
    };`)}`,
});

export interface FaultSettings {
  readonly cluster: FaultCluster;
  readonly holders: number;
  readonly random: () => number;
  readonly figures: FaultFigures;
  /** Is a mail sent to everybody, too? */
  readonly mails?: boolean;
}

/** Two real servers behind a bad network, and a watch, on a fresh database of a PostgreSQL that may be killed. */
export class Installation {
  /** Nobody sends requests to this server. */
  private avoided: ServerProcess | null = null;

  private constructor(
    /** Only for hiring people; it does not take part. */
    readonly office: TestApp,
    readonly link: LossyLink,
    readonly inbox: Inbox,
    readonly servers: ServerProcess[],
    readonly reader: InvariantReader,
    private readonly watch: Child,
    private readonly settings: FaultSettings,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async open(
    settings: FaultSettings,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Installation> {
    const office = await createTestApp({}, settings.cluster);
    const inbox = await startInbox();
    const link = await LossyLink.open(office.database.appUrl, settings.random);
    const env = {
      DATABASE_URL: link.through(office.database.appUrl),
      RUN_JOBS: 'true',
      LOG_LEVEL: 'error',
      SMTP_URL: inbox.url,
      MAIL_FROM: 'info@henkin.test',
      ...environment,
    };
    const servers = await Promise.all([1, 2].map(() => startServer(office.database, env)));
    const reader = new InvariantReader(() => office.database.superuserUrl);
    const watch = await startWatch(office.database);
    return new Installation(office, link, inbox, servers, reader, watch, settings, env);
  }

  /** Each request of theirs goes to one server or the other. */
  hire(): Promise<People> {
    return hirePeople(this.office, () => this.anyServer((server) => server !== this.avoided).url);
  }

  anyServer(suits: (server: ServerProcess) => boolean = () => true): ServerProcess {
    const suitable = this.servers.filter(suits);
    const server = suitable[Math.floor(this.settings.random() * suitable.length)];
    if (!server) throw new Error('there is no server');
    return server;
  }

  /** Ends one server by the signal and starts another in its place. */
  async replace(
    server: ServerProcess,
    signal: NodeJS.Signals,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ServerProcess> {
    await server.stop(signal);
    const started = await startServer(this.office.database, { ...this.environment, ...environment });
    this.servers[this.servers.indexOf(server)] = started;
    return started;
  }

  /**
   * One server does its background work with a wrong clock for a while. To one that is ahead every session has ended,
   * and that must be so; people use the other one.
   */
  async setClockOff(days: number, ms: number): Promise<void> {
    const server = this.anyServer();
    this.avoided = server;
    const wrong = await this.replace(server, 'SIGTERM', withClockOff(days));
    this.avoided = wrong;
    await pause(ms);
    await this.replace(wrong, 'SIGTERM');
    this.avoided = null;
  }

  /** How long it takes until every server is ready again, by itself. */
  async recovered(): Promise<void> {
    const since = Date.now();
    for (const { url } of this.servers) {
      await eventually(async () => (await fetch(`${url}/health/ready`).catch(() => null))?.status === 200);
    }
    this.settings.figures.slowestRecoveryMs = Math.max(this.settings.figures.slowestRecoveryMs, Date.now() - since);
  }

  /** What the watch took for wrong; it was right if that is nothing, because only machines failed. */
  async alarms(): Promise<string[]> {
    const alerts = await this.office.database.asSuperuser<{ kind: string; subject: string }>(
      `SELECT kind, subject FROM watch_alert WHERE kind <> 'watch_absent'`,
    );
    return alerts.map(({ kind, subject }) => `the watch raised ${kind} ${subject}`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers.map((server) => server.stop()), this.watch.end('SIGTERM')]);
    await this.link.close();
    await this.office.close();
    await this.inbox.close();
    this.settings.figures.commitsEaten += this.link.eaten;
    this.settings.figures.connectionsBroken += this.link.broken;
    this.settings.figures.mails += this.inbox.mails().length;
    this.settings.figures.invariantReads += this.reader.reads;
  }
}
