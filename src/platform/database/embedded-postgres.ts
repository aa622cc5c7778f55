import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { postgresBinaries, postgresUser, runPostgres, type PostgresBinaries, type PostgresUser } from './postgres-binaries.js';

/** How to reach the embedded server and as whom. Written once per data folder, readable by its owner only. */
export interface EmbeddedCredentials {
  readonly port: number;
  readonly superuserPassword: string;
  readonly migratorPassword: string;
  readonly appPassword: string;
}

const DATABASE = 'henkin';

/**
 * A real PostgreSQL in a folder of its own, on loopback only, started and stopped by whoever holds this object.
 * One that a killed process left running is taken over, not started twice.
 */
export class EmbeddedPostgres {
  private constructor(
    private readonly dataDir: string,
    private readonly binaries: PostgresBinaries,
    private readonly user: PostgresUser,
    private readonly credentials: EmbeddedCredentials,
  ) {}

  /** Creates the cluster if there is none yet and makes sure that it runs. `folder` is created if needed. */
  static async start(folder: string): Promise<EmbeddedPostgres> {
    const [binaries, user] = await Promise.all([postgresBinaries(), postgresUser()]);
    await mkdir(folder, { recursive: true });
    const dataDir = join(folder, 'postgres');
    const credentials = await readCredentials(folder) ?? (await createCluster(folder, dataDir, binaries, user));
    const server = new EmbeddedPostgres(dataDir, binaries, user, credentials);
    if (!(await server.isRunning())) await server.launch();
    return server;
  }

  /** Connection string of the role that owns nothing and runs the application. */
  get appUrl(): string {
    return this.url('henkin_app', this.credentials.appPassword);
  }

  /** Connection string of the role that owns the schema. */
  get migratorUrl(): string {
    return this.url('henkin_migrator', this.credentials.migratorPassword);
  }

  /** Connection string of the superuser: for setting up, demo and tests. */
  get superuserUrl(): string {
    return this.url('postgres', this.credentials.superuserPassword);
  }

  get passwords(): { readonly migrator: string; readonly app: string } {
    return { migrator: this.credentials.migratorPassword, app: this.credentials.appPassword };
  }

  /** Ends all sessions and writes everything out; does nothing when the server is down already. */
  async stop(): Promise<void> {
    if (await this.isRunning()) await this.control('stop', '-m', 'fast', '-w', '-t', '30');
  }

  private url(role: string, password: string): string {
    return `postgresql://${role}:${password}@127.0.0.1:${this.credentials.port}/${DATABASE}`;
  }

  private async isRunning(): Promise<boolean> {
    return this.control('status').then(
      () => true,
      () => false,
    );
  }

  private async launch(): Promise<void> {
    // -l keeps the server from holding this process's output open; loopback only, no socket file in /tmp.
    const options = `-p ${this.credentials.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
    await this.control('start', '-w', '-t', '60', '-l', join(this.dataDir, 'server.log'), '-o', options);
  }

  private control(command: string, ...args: string[]): Promise<string> {
    return runPostgres(this.binaries.pg_ctl, [command, '-D', this.dataDir, ...args], this.user);
  }
}

async function readCredentials(folder: string): Promise<EmbeddedCredentials | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'credentials.json'), 'utf8')) as EmbeddedCredentials;
  } catch {
    return null;
  }
}

/** A cluster counts only once its credentials are written: one interrupted half-way is made anew. */
async function createCluster(folder: string, dataDir: string, binaries: PostgresBinaries, user: PostgresUser): Promise<EmbeddedCredentials> {
  const secret = () => randomBytes(24).toString('hex');
  const credentials = { port: await freePort(), superuserPassword: secret(), migratorPassword: secret(), appPassword: secret() };
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { mode: 0o700 });
  const passwordFile = join(dataDir, '..', `initdb-password-${process.pid}`);
  await writeFile(passwordFile, credentials.superuserPassword, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    await chown(dataDir, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  try {
    await runPostgres(
      binaries.initdb,
      ['-D', dataDir, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--no-instructions'],
      user,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  const half = join(folder, 'credentials.half');
  await writeFile(half, JSON.stringify(credentials), { mode: 0o600 });
  await rename(half, join(folder, 'credentials.json'));
  return credentials;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
