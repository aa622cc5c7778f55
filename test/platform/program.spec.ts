import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findPostmaster } from '../../src/platform/database/postmaster.js';
import { projectRoot } from '../../src/platform/database/project-root.js';
import { startChild, type Child } from '../harness/child-process.js';
import { eventually } from '../harness/eventually.js';

let dataDir: string;
let children: Child[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'henkin-program-'));
  children = [];
});

const postmaster = () => findPostmaster(join(dataDir, 'postgres', 'files'));

afterEach(async () => {
  await Promise.all(children.map((child) => child.end('SIGKILL')));
  const left = await postmaster();
  if (left) process.kill(left.pid, 'SIGQUIT');
  await eventually(async () => (await postmaster()) === null);
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

function startServer(env: Record<string, string> = {}): Child {
  const child = startChild('dist/main.js', [], { DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error', ...env });
  children.push(child);
  return child;
}

async function expectReady(server: Child): Promise<string> {
  const [url] = /http:\/\/\S+/.exec(await server.line('Henkin is ready at ')) ?? [''];
  const answer = await fetch(`${url}/health/ready`);
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status: 200, body: { status: 'ok' } });
  return url;
}

/** What the signal may find the process at. */
const instants: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['before anything is there', async () => true],
  ['while the database files are made', async () => (await readdir(dataDir)).find((name) => name.endsWith('.draft'))],
  ['when the files are just made', async () => (await readdir(dataDir)).includes('postgres')],
  ['when PostgreSQL has just started', () => postmaster()],
  ['when the secret for tokens is written', async () => (await readdir(dataDir)).includes('token-secret')],
];

describe('npm start', () => {
  it.each(instants)('stopped %s leaves no process and starts again', async (_when, reached) => {
    const first = startServer();
    await eventually(reached);
    await first.end('SIGINT');
    expect(await postmaster()).toBeNull();
    const second = startServer();
    await expectReady(second);
    expect(await second.end('SIGTERM')).toBe(0);
    expect(await postmaster()).toBeNull();
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'token-secret']);
  });

  it('killed and started again goes on with the same data, and a second server may join it', async () => {
    const killed = startServer();
    await expectReady(killed);
    expect((await stat(join(dataDir, 'token-secret'))).mode & 0o077).toBe(0);
    await killed.end('SIGKILL');
    const [heir, guest] = [startServer(), startServer()];
    await Promise.all([expectReady(heir), expectReady(guest)]);
    expect(await Promise.all([heir.end('SIGTERM'), guest.end('SIGTERM')])).toEqual([0, 0]);
    expect(await postmaster()).toBeNull();
  });

  it('ends when the shell that npm started it with is ended', async () => {
    const script = `"${process.execPath}" dist/main.js; true`;
    const env = {
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      PORT: '0',
      LOG_LEVEL: 'error',
      npm_lifecycle_event: 'start',
    };
    const shell = spawn('sh', ['-c', script], { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface(shell.stdout);
    await once(lines, 'line');
    expect(await postmaster()).not.toBeNull();
    shell.kill('SIGTERM');
    // The server holds the other end of the pipe until it is gone.
    await once(lines, 'close');
    expect(await postmaster()).toBeNull();
  });

  it('says all that is wrong with its settings and does nothing', async () => {
    const server = startServer({ PORT: 'eighty', TRUST_PROXY: 'perhaps' });
    expect(await server.ended).toBe(1);
    expect(server.output()).toContain('PORT should be a whole number from 0 to 65535');
    expect(server.output()).toContain('TRUST_PROXY should be true or false');
    expect(await readdir(dataDir)).toEqual([]);
  });
});
