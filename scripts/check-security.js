// Compares docs/security.md with the tests: each promise has a test that bears its number, in each file that it names,
// and no test bears a number in a file that the promise does not name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const CHECKLIST = [
  ...Array.from({ length: 31 }, (_, at) => String(at + 1).padStart(2, '0')),
  ...Array.from({ length: 9 }, (_, at) => `trap ${at + 1}`),
];

const promised = new Map(
  readFileSync(join(root, 'docs', 'security.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, number]) => /^(\d\d|trap \d)$/.test(number ?? ''))
    .map(([, number, , , tests]) => [number, [...tests.matchAll(/`([^`]+)`/g)].map(([, test]) => test)]),
);

const tested = new Map();
for (const file of readdirSync(join(root, 'test'), { recursive: true })) {
  if (!file.endsWith('.spec.ts')) continue;
  const numbers = readFileSync(join(root, 'test', file), 'utf8').matchAll(/['`]\[(\d\d|trap \d)\] /g);
  for (const [, number] of numbers)
    tested.set(number, (tested.get(number) ?? new Set()).add(file.slice(0, -'.spec.ts'.length)));
}

const faults = [
  ...CHECKLIST.filter((number) => !promised.has(number)).map((number) => `[${number}] is not in docs/security.md`),
  ...[...promised].flatMap(([number, tests]) =>
    tests.filter((test) => !tested.get(number)?.has(test)).map((test) => `[${number}] is in no test of ${test}`),
  ),
  ...[...tested].flatMap(([number, files]) =>
    [...files]
      .filter((file) => !promised.get(number)?.includes(file))
      .map((file) => `[${number}] is in ${file}, which docs/security.md does not name`),
  ),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);
