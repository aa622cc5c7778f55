import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { settingsFor } from '../../src/platform/database/postgres-cluster.js';
import { findPostmaster } from '../../src/platform/database/postmaster.js';
import { startChild, type Child } from '../harness/child-process.js';
import { eventually } from '../harness/eventually.js';

let dataDir: string;
let children: Child[];

beforeEach(async () => {
  // Closed to every other account, as folders of root and of mktemp are.
  dataDir = await mkdtemp(join(tmpdir(), 'henkin-embedded-'));
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map((child) => child.end('SIGKILL')));
  const postmaster = await findPostmaster(join(dataDir, 'postgres', 'files'));
  if (postmaster) process.kill(postmaster.pid, 'SIGQUIT');
  await eventually(async () => (await findPostmaster(join(dataDir, 'postgres', 'files'))) === null);
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

function startPostgres(): Child {
  const child = startChild('test/platform/start-postgres.js', [dataDir]);
  children.push(child);
  return child;
}

const postmaster = () => findPostmaster(join(dataDir, 'postgres', 'files'));

async function query(url: string, sql: string): Promise<unknown[]> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  it.each([
    [1, 'shared_buffers=128MB'],
    [4, 'shared_buffers=512MB'],
    [24, 'shared_buffers=1024MB'],
  ])('takes a part of a memory of %i GB for its pages, and leaves the rest', (gigabytes, setting) => {
    expect(settingsFor(gigabytes * 1024 ** 3)).toContain(setting);
  });

  it('keeps data, port and passwords over a restart, leaves no process and lets nobody else read its passwords', async () => {
    const first = await EmbeddedPostgres.start(dataDir);
    await query(first.superuserUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await postmaster()).toBeNull();
    const second = await EmbeddedPostgres.start(dataDir);
    expect(second.superuserUrl).toBe(first.superuserUrl);
    expect(await query(second.superuserUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await query(second.superuserUrl, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    await second.stop();
    expect((await stat(join(dataDir, 'postgres', 'settings.json'))).mode & 0o077).toBe(0);
  });

  it('that a killed process left running is taken over, not started twice, and then stopped', async () => {
    const killed = startPostgres();
    await killed.line('postgresql://');
    await killed.end('SIGKILL');
    const left = await postmaster();
    expect(left).not.toBeNull();
    const heir = await EmbeddedPostgres.start(dataDir);
    expect(await postmaster()).toEqual(left);
    await heir.stop();
    expect(await postmaster()).toBeNull();
  });

  it('is used by two processes at once and stopped by the one that started it', async () => {
    const owner = startPostgres();
    await owner.line('postgresql://');
    const guest = await EmbeddedPostgres.start(dataDir);
    await guest.stop();
    expect(await query(guest.superuserUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await owner.end('SIGTERM')).toBe(0);
    expect(await postmaster()).toBeNull();
  });

  it('is created once by two processes that start together', async () => {
    const both = [startPostgres(), startPostgres()];
    const [one, other] = await Promise.all(both.map((child) => child.line('postgresql://')));
    expect(one).toBe(other);
    expect(await readdir(dataDir)).toEqual(['postgres']);
    expect(await Promise.all(both.map((child) => child.end('SIGTERM')))).toEqual([0, 0]);
    expect(await postmaster()).toBeNull();
  });

  it('is created anew when its creator was killed half-way, and nothing of the first attempt stays', async () => {
    const killed = startPostgres();
    await eventually(async () => (await readdir(dataDir)).find((name) => name.endsWith('.draft')));
    await killed.end('SIGKILL');
    const server = await EmbeddedPostgres.start(dataDir);
    expect(await query(server.superuserUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });

  it('starts although its lock file names a living process that is something else', async () => {
    await (await EmbeddedPostgres.start(dataDir)).stop();
    const lockFile = join(dataDir, 'postgres', 'files', 'postmaster.pid');
    await writeFile(lockFile, `${process.pid}\n${join(dataDir, 'postgres', 'files')}\n1\n5432\n`);
    const server = await EmbeddedPostgres.start(dataDir);
    expect(await readFile(lockFile, 'utf8')).not.toContain(`${process.pid}\n`);
    await server.stop();
  });

  it('moves to another port when its own is taken', async () => {
    const before = await EmbeddedPostgres.start(dataDir);
    await before.stop();
    const squatter: Server = createServer();
    await new Promise<void>((resolve) =>
      squatter.listen(Number(new URL(before.superuserUrl).port), '127.0.0.1', resolve),
    );
    try {
      const server = await EmbeddedPostgres.start(dataDir);
      expect(new URL(server.superuserUrl).port).not.toBe(new URL(before.superuserUrl).port);
      expect(await query(server.superuserUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await server.stop();
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });
});
