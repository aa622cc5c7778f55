import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../src/platform/database/project-root.js';
import { freePort } from '../src/platform/database/postgres-cluster.js';
import { judge, type Pair, type Result } from './measures.js';
import type { BenchOptions } from './options.js';
import { World, type Surroundings } from './world.js';

const STARTS = 3;
const GIVE_UP_AFTER_MS = 60_000;

/** `npm start` as it is typed, on a database that is there; the first start makes it and is not counted. */
export async function runStarts({ progress, stop }: Surroundings, { only }: BenchOptions): Promise<Result[]> {
  if (!only.has('start-seconds')) return [];
  const folder = World.folder('start');
  await rm(folder, { recursive: true, force: true });
  const starts: Pair[] = [];
  await progress.show('Starts of the server', async (bar) => {
    bar.expect(STARTS + 1, 'starts');
    for (let start = 0; start <= STARTS; start++) {
      const took = await startOnce(folder, stop);
      if (start > 0) starts.push({ ours: took, theirs: 1 });
      bar.step();
    }
  });
  return [judge('start-seconds', starts)];
}

async function startOnce(folder: string, stop: AbortSignal): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: projectRoot,
    env: { ...process.env, DATABASE_URL: '', DATA_DIR: folder, HOST: '127.0.0.1', PORT: String(port) },
    stdio: 'ignore',
    detached: true,
  });
  try {
    while (!(await isReady(`http://127.0.0.1:${port}/health/ready`))) {
      if (child.exitCode !== null || performance.now() - began > GIVE_UP_AFTER_MS)
        throw new Error('The server did not become ready.');
      await pause(10, undefined, { signal: stop });
    }
    return (performance.now() - began) / 1000;
  } finally {
    await end(child);
  }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    (answer) => answer.status === 200,
    () => false,
  );
}

/** npm does not hand every signal on, so the whole group is asked to end. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
  // npm is gone before the server has closed its database.
  for (let left = 200; left > 0 && groupLives(child.pid); left--) await pause(50);
}

function groupLives(pid: number): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}
