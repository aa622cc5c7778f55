import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import {
  ensureCluster,
  filesOf,
  freePort,
  readClusterSettings,
  writeClusterSettings,
  type ClusterSettings,
} from './postgres-cluster.js';
import { PostgresPrograms } from './postgres-programs.js';
import { findPostmaster } from './postmaster.js';
import type { RolePasswords } from './roles.js';

const DATABASE = 'henkin';
const START_TIMEOUT_MS = 60_000;
/** The session that holds this advisory lock belongs to the process that stops the server. "henkin" in ASCII. */
const OWNERSHIP_LOCK = '0x68656e6b696e';
/** The server is up but still starting, recovering or shutting down. */
const NOT_YET = '57P03';

/**
 * A real PostgreSQL in a folder of its own, on loopback only. One that a killed process left running is taken over, not
 * started twice. Several processes may use it; the one that started it, or took it over, also stops it.
 */
export class EmbeddedPostgres {
  private constructor(
    private readonly cluster: string,
    private readonly programs: PostgresPrograms,
    private readonly settings: ClusterSettings,
    private readonly ownership: pg.Client | null,
  ) {}

  /** Creates the database server in `dataDir`/postgres if there is none yet and makes sure that it runs. */
  static async start(dataDir: string): Promise<EmbeddedPostgres> {
    const cluster = join(resolve(dataDir), 'postgres');
    await mkdir(dataDir, { recursive: true });
    const programs = await PostgresPrograms.find(cluster);
    await ensureCluster(cluster, programs);
    const kept = await readClusterSettings(cluster);
    const settings = { ...kept, port: await runningPort(cluster, kept, programs) };
    return new EmbeddedPostgres(cluster, programs, settings, await takeOwnership(settings));
  }

  /** Connection string of the role that owns nothing and runs the application. */
  get appUrl(): string {
    return url(this.settings.port, 'henkin_app', this.settings.appPassword);
  }

  /** Connection string of the role that owns the schema. */
  get migratorUrl(): string {
    return url(this.settings.port, 'henkin_migrator', this.settings.migratorPassword);
  }

  /** Connection string of the superuser: for setting up, demo and tests. */
  get superuserUrl(): string {
    return url(this.settings.port, 'postgres', this.settings.superuserPassword);
  }

  /** Connection string of the role that compares and may pull the kill switch. */
  get watchUrl(): string {
    return url(this.settings.port, 'henkin_watch', this.settings.watchPassword);
  }

  get passwords(): RolePasswords {
    const { migratorPassword, appPassword, watchPassword } = this.settings;
    return { migrator: migratorPassword, app: appPassword, watch: watchPassword };
  }

  /** Ends all sessions and writes everything out, if this process is the one that has to. */
  async stop(): Promise<void> {
    if (this.ownership === null) return;
    await this.ownership.end().catch(() => undefined);
    if (await findPostmaster(filesOf(this.cluster))) {
      await this.programs.run('pg_ctl', [
        'stop',
        `--pgdata=${filesOf(this.cluster)}`,
        '--mode=fast',
        '--wait',
        '--timeout=60',
      ]);
    }
  }
}

/** The port of the running server; starts it when it is not running. */
async function runningPort(cluster: string, settings: ClusterSettings, programs: PostgresPrograms): Promise<number> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (let refusal: Error | null = null; Date.now() < deadline; await pause(100)) {
    const postmaster = await findPostmaster(filesOf(cluster));
    if (postmaster && (await answers(postmaster.port, settings))) return postmaster.port;
    if (postmaster) continue;
    // Not running, and the last attempt said why: repeating it would only say so again.
    if (refusal !== null) throw refusal;
    refusal = await launch(cluster, settings, programs).then(
      () => null,
      (error: Error) => error,
    );
  }
  throw new Error(`PostgreSQL did not start within ${START_TIMEOUT_MS / 1000} s. Its log: ${logOf(cluster)}`);
}

async function launch(cluster: string, settings: ClusterSettings, programs: PostgresPrograms): Promise<void> {
  // The port of last time, unless another program has taken it since.
  const port = await freePort(settings.port);
  if (port !== settings.port) await writeClusterSettings(cluster, { ...settings, port });
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  const log = logOf(cluster);
  try {
    await programs.run('pg_ctl', [
      'start',
      `--pgdata=${filesOf(cluster)}`,
      '--wait',
      '--timeout=60',
      `--log=${log}`,
      `--options=${options}`,
    ]);
  } catch (cause) {
    const end = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join('\n');
    throw new Error(`PostgreSQL did not start. The end of ${log}:\n${end}`, { cause });
  }
}

const logOf = (cluster: string): string => join(filesOf(cluster), 'server.log');

/** Errors: the server is up and refuses us for good. */
async function answers(port: number, settings: ClusterSettings): Promise<boolean> {
  const client = await connectToMaintenance({ ...settings, port }).catch((error: { code?: string }) => {
    if (error.code === NOT_YET || error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') return null;
    throw error;
  });
  await client?.end();
  return client !== null;
}

/**
 * The lock goes with its session, so it is free as soon as the process that held it is gone, however it went. Null when
 * another living process holds it.
 */
async function takeOwnership(settings: ClusterSettings): Promise<pg.Client | null> {
  const client = await connectToMaintenance(settings);
  const { rows } = await client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${OWNERSHIP_LOCK}) AS taken`);
  if (rows[0]?.taken) return client;
  await client.end();
  return null;
}

async function connectToMaintenance(settings: ClusterSettings): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url(settings.port, 'postgres', settings.superuserPassword, 'postgres'),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // A broken session shows in the next use of it; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function url(port: number, role: string, password: string, database = DATABASE): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/${database}`;
}
