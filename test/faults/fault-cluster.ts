import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { findPostmaster } from '../../src/platform/database/postmaster.js';
import { prepareDatabase } from '../../src/platform/database/roles.js';
import { eventually } from '../harness/eventually.js';
import { runSql, type TestCluster } from '../harness/database.js';

/** A PostgreSQL of its own, which may be killed. */
export class FaultCluster implements TestCluster {
  private constructor(
    private readonly folder: string,
    private server: EmbeddedPostgres,
  ) {}

  /** `parent` is where its folder is made, such as a small file system. */
  static async start(parent = tmpdir()): Promise<FaultCluster> {
    const folder = await mkdtemp(join(parent, 'henkin-faults-'));
    // PostgreSQL runs as another account when the tests run as root.
    await chmod(folder, 0o711);
    const server = await EmbeddedPostgres.start(folder);
    await prepareDatabase(server.superuserUrl, server.passwords);
    // In a process of its own: the engine's WebAssembly does not live well with Jest's globals.
    execFileSync(process.execPath, ['dist/platform/installation/migrate.cli.js'], {
      env: { ...process.env, MIGRATOR_DATABASE_URL: server.migratorUrl, NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new FaultCluster(folder, server);
  }

  get superuserUrl(): string {
    return this.server.superuserUrl;
  }
  get migratorUrl(): string {
    return this.server.migratorUrl;
  }
  get appUrl(): string {
    return this.server.appUrl;
  }
  get watchUrl(): string {
    return this.server.watchUrl;
  }

  /** SIGKILL is a power failure; SIGQUIT is PostgreSQL's immediate shutdown. Answers when it runs again. */
  async killAndStart(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
    const postmaster = await findPostmaster(this.files);
    if (postmaster) process.kill(postmaster.pid, signal);
    await eventually(async () => (await findPostmaster(this.files)) === null);
    // Children of a killed postmaster notice it and go; until then they hold its shared memory, and a start is refused.
    this.server = await eventually(() => EmbeddedPostgres.start(this.folder).catch(() => null));
  }

  /** After a crash PostgreSQL starts again by itself, unless there was no room for it even then. */
  async untilItRuns(): Promise<void> {
    await eventually(async () => {
      if ((await findPostmaster(this.files)) === null)
        this.server = await EmbeddedPostgres.start(this.folder).catch(() => this.server);
      return runSql(this.superuserUrl, 'SELECT').catch(() => null);
    });
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private get files(): string {
    return join(this.folder, 'postgres', 'files');
  }
}
