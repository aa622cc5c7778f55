import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { csvRecords, Malformed } from '../../src/holder/csv-source.js';

/** More than the file is read at once, so that values and line breaks lie across the ends of what was read. */
const PIECE_BYTES = 256 * 1024;

describe('records of a CSV file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'csv-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function read(content: string): Promise<{ fields: string[]; lineNo: number }[]> {
    const path = join(folder, 'rows.csv');
    await writeFile(path, content);
    const found: { fields: string[]; lineNo: number }[] = [];
    for await (const record of csvRecords(() => createReadStream(path), 'utf-8')) found.push(record);
    return found;
  }

  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', '一', '𠮷', ' ', "'", ';') }),
    fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', '高') }),
  );

  it.each(['\n', '\r\n'] as const)('are what was written, whatever is in them, with lines ended by %j', async (end) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 20 }), async (rows) => {
        const once = stringify(rows, { record_delimiter: end, quoted_empty: true, quoted_match: /\n/ });
        const times = Math.ceil((PIECE_BYTES * 1.2) / Buffer.byteLength(once));
        const records = await read(`\uFEFFa,b,c${end}${once.repeat(times)}`);
        expect(records).toHaveLength(rows.length * times);
        expect(records.slice(0, rows.length).map(({ fields }) => fields)).toEqual(rows);
        expect(records.slice(-rows.length).map(({ fields }) => fields)).toEqual(rows);
      }),
      { numRuns: 15 },
    );
  });

  it('know the line that they begin in, also after values that go over several', async () => {
    const records = await read('a,b\n1,"x\ny"\n2,z\n\n3,"""q"""\n');
    expect(records).toEqual([
      { fields: ['1', 'x\ny'], lineNo: 2 },
      { fields: ['2', 'z'], lineNo: 4 },
      { fields: ['3', '"q"'], lineNo: expect.any(Number) },
    ]);
    expect(await read('a,b\n\n1,2')).toEqual([{ fields: ['1', '2'], lineNo: 3 }]);
  });

  it('a quote that never ends is refused with its line, and not read into memory without end', async () => {
    const rows = '1,2\n'.repeat(100_000);
    await expect(read(`a,b\n${rows}"3,4\n${rows}`)).rejects.toBeInstanceOf(Malformed);
    await expect(read('a,b\n1,2\n1,x"y\n')).rejects.toEqual(new Malformed(3));
  });
});
