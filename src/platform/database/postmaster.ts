import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The server process that PostgreSQL's lock file names. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/**
 * The server that runs on these files, if one does. The lock file of a killed server stays behind, and after a restart
 * of the machine or container its number may be that of another program: then PostgreSQL itself would refuse to start,
 * so such a file is removed.
 */
export async function findPostmaster(files: string): Promise<Postmaster | null> {
  const lockFile = join(files, 'postmaster.pid');
  const [pid, , , port] = (await readFile(lockFile, 'utf8').catch(() => '')).split('\n').map(Number);
  if (!pid) return null;
  if (!(await isPostgres(pid))) {
    await rm(lockFile, { force: true });
    return null;
  }
  return { pid, port: port ?? 0 };
}

async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    // `pid (name) state …`; a zombie (Z) is dead and only waits for its parent to notice.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return /\(postgres\) [^ZX]/.test(stat);
  }
  return promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim().endsWith('postgres'),
    () => false,
  );
}
