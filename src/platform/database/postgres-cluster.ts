import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { PostgresPrograms } from './postgres-programs.js';

/** How to reach the embedded server and as whom; kept in a file that only its owner may read. */
export interface ClusterSettings {
  readonly port: number;
  readonly superuserPassword: string;
  readonly migratorPassword: string;
  readonly appPassword: string;
  readonly watchPassword: string;
}

const SETTINGS_FILE = 'settings.json';

/** The folder with PostgreSQL's own files inside a cluster folder. */
export const filesOf = (cluster: string): string => join(cluster, 'files');

/**
 * Makes the cluster folder unless it is there. It is built beside its place and renamed when complete, so an
 * interrupted one leaves nothing that a later start could mistake for a database, and of two starts one wins.
 */
export async function ensureCluster(cluster: string, programs: PostgresPrograms): Promise<void> {
  await removeLeftovers(cluster);
  if (await isThere(cluster)) return;
  const draft = `${cluster}.${process.pid}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(filesOf(draft), { recursive: true });
  try {
    const secret = () => randomBytes(24).toString('hex');
    const settings = {
      port: await freePort(),
      superuserPassword: secret(),
      migratorPassword: secret(),
      appPassword: secret(),
      watchPassword: secret(),
    };
    await initialise(draft, settings.superuserPassword, programs);
    await writeClusterSettings(draft, settings);
    await rename(draft, cluster);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await isThere(cluster))) throw error;
  }
}

export async function readClusterSettings(cluster: string): Promise<ClusterSettings> {
  return JSON.parse(await readFile(join(cluster, SETTINGS_FILE), 'utf8')) as ClusterSettings;
}

export async function writeClusterSettings(cluster: string, settings: ClusterSettings): Promise<void> {
  const file = join(cluster, SETTINGS_FILE);
  await writeFile(`${file}.${process.pid}`, JSON.stringify(settings, null, 2), { mode: 0o600 });
  await rename(`${file}.${process.pid}`, file);
}

/** A port on loopback that nobody listens on: the wanted one if possible. */
export async function freePort(wanted = 0): Promise<number> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(wanted, '127.0.0.1', resolve));
  } catch (error) {
    if (wanted === 0) throw error;
    return freePort();
  }
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/**
 * For a machine that does everything else as well; written to postgresql.conf, where they may be changed. An eighth of its memory
 * keeps the pages of a million claims at hand, of which more than a gigabyte would be left unused.
 */
export function settingsFor(memoryBytes: number): readonly string[] {
  const sharedMb = Math.min(Math.max(Math.floor(memoryBytes / 8 / 1024 ** 2), 128), 1024);
  return [`shared_buffers=${sharedMb}MB`, 'work_mem=32MB', 'maintenance_work_mem=128MB', 'max_wal_size=4GB', 'jit=off'];
}

async function initialise(draft: string, superuserPassword: string, programs: PostgresPrograms): Promise<void> {
  const passwordFile = join(draft, 'superuser-password');
  await writeFile(passwordFile, superuserPassword, { mode: 0o600 });
  await Promise.all([programs.own(filesOf(draft)), programs.own(passwordFile)]);
  await programs.run('initdb', [
    `--pgdata=${filesOf(draft)}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    // The same order of text on every machine; the character classes have to know Japanese for searching by name.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    `--lc-ctype=${process.platform === 'darwin' ? 'en_US.UTF-8' : process.platform === 'win32' ? 'C' : 'C.UTF-8'}`,
    '--no-instructions',
    ...settingsFor(totalmem()).map((setting) => `--set=${setting}`),
  ]);
  await rm(passwordFile);
}

/** Drafts of starts that were killed; one whose process still lives is left to it. */
async function removeLeftovers(cluster: string): Promise<void> {
  const folder = join(cluster, '..');
  for (const name of await readdir(folder)) {
    const pid = /\.(\d+)\.draft$/.exec(name)?.[1];
    // The initdb of a killed start writes on for a moment: a folder that it has just filled again is emptied again.
    if (pid && !isAlive(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isThere(cluster: string): Promise<boolean> {
  return readClusterSettings(cluster).then(
    () => true,
    () => false,
  );
}
