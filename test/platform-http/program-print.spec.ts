import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM_FOLDER, printOf } from '../../src/platform/http/program-print.js';

describe('the print of a program', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'henkin-print-'));
    await mkdir(join(folder, 'room'));
    await writeFile(join(folder, 'main.js'), 'main');
    await writeFile(join(folder, 'room', 'texts.js'), 'text');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('changes with each of its files, however deep, with their names, and with nothing else', async () => {
    const prints = [printOf(folder)];
    await writeFile(join(folder, 'notes.txt'), 'no part of it');
    expect(printOf(folder)).toBe(prints[0]);
    await writeFile(join(folder, 'room', 'texts.js'), 'Text');
    prints.push(printOf(folder));
    await rename(join(folder, 'room', 'texts.js'), join(folder, 'room', 'words.js'));
    prints.push(printOf(folder));
    await writeFile(join(folder, 'room', 'more.js'), '');
    prints.push(printOf(folder));
    expect(new Set(prints).size).toBe(4);
  });

  it('of this one is found where it runs', () => {
    expect(printOf(PROGRAM_FOLDER)).toMatch(/^[\w-]{16}$/);
    expect(printOf(PROGRAM_FOLDER)).not.toBe(printOf(folder));
  });
});
