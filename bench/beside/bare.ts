import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Has the bare server run beside the product on the same database while `work` is done; answers what `work` does. */
export async function withBareServer<T>(databaseUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('bare-server.js', import.meta.url))], {
    env: { ...process.env, DATABASE_URL: databaseUrl, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  if (child.stdout === null) throw new Error('The bare server has no output to read.');
  const lines = createInterface(child.stdout);
  const exited = once(child, 'exit');
  const died = exited.then(() => {
    throw new Error('The bare server ended by itself.');
  });
  try {
    const [url] = (await Promise.race([once(lines, 'line'), died])) as [string];
    return await Promise.race([work(url), died]);
  } finally {
    died.catch(() => undefined);
    child.kill('SIGTERM');
    await exited;
  }
}
