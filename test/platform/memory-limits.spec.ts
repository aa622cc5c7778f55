import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../src/platform/database/project-root.js';

const limitsIn = (text: string): string[] => text.match(/--max-[\w-]+=\d+/g) ?? [];
const mallocIn = (text: string): string[] =>
  [...text.matchAll(/(MALLOC_[A-Z_]+)(?:=|: ')(\d+)/g)].map(([, name, value]) => `${name}=${value}`);
const read = (path: string): Promise<string> => readFile(join(projectRoot, path), 'utf8');
/** The line that starts a program, wherever one is described. */
const lineWith = async (path: string, start: RegExp): Promise<string> =>
  (await read(path)).split('\n').find((line) => start.test(line)) ?? '';

const scriptsOfPackage = async (): Promise<Record<string, string>> =>
  (JSON.parse(await read('package.json')) as { scripts: Record<string, string> }).scripts;

/** Each program has one limit of memory, whichever way it is started; `package.json` says which. */
describe('the limits of memory', () => {
  it.each([
    ['start', 'Dockerfile', /^CMD .*dist\/main\.js/],
    ['start', 'src/demo/server.ts', /^const NODE_FLAGS/],
    ['worker', 'docker-compose.yml', /command: .*dist\/worker\.js/],
    ['watch', 'docker-compose.yml', /command: .*dist\/watch\.js/],
    ['watch', 'src/watch/watch-process.ts', /^const NODE_FLAGS/],
  ])('of npm run %s are those in %s', async (script, path, start) => {
    const scripts = await scriptsOfPackage();
    const limits = limitsIn(scripts[script] ?? '');
    expect(limits).toHaveLength(2);
    expect(limitsIn(await lineWith(path, start))).toEqual(limits);
  });

  it.each([
    ['start', 'Dockerfile', /^ +MALLOC_/],
    ['start', 'src/demo/server.ts', /^const MALLOC /],
  ])('and what npm run %s tells the allocator are those in %s', async (script, path, line) => {
    const scripts = await scriptsOfPackage();
    const told = mallocIn(scripts[script] ?? '');
    expect(told).toHaveLength(3);
    expect(mallocIn(await lineWith(path, line))).toEqual(told);
    expect(mallocIn(scripts['worker'] ?? '')).toEqual(told);
  });
});
