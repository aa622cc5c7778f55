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

export interface FaultSettings {
  readonly cluster: FaultCluster;
  readonly holders: number;
  readonly random: () => number;
  readonly figures: FaultFigures;
}

/** Two real servers behind a bad network, and a watch, on a fresh database of a PostgreSQL that may be killed. */
export class Installation {
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
    return hirePeople(this.office, () => this.anyServer().url);
  }

  anyServer(): ServerProcess {
    const server = this.servers[Math.floor(this.settings.random() * this.servers.length)];
    if (!server) throw new Error('there is no server');
    return server;
  }

  /** Ends one server by the signal and starts another in its place. */
  async replace(server: ServerProcess, signal: NodeJS.Signals): Promise<void> {
    await server.stop(signal);
    this.servers[this.servers.indexOf(server)] = await startServer(this.office.database, this.environment);
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
    this.settings.figures.invariantReads += this.reader.reads;
  }
}
