import { rm } from 'node:fs/promises';

export default async function globalTeardown() {
  const { server, folder } = globalThis.henkinTest;
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}
