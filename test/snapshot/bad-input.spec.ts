import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { createTestApp, type TestApp } from '../harness/app.js';
import { COLUMNS, importFile, row, upload } from './uploads.js';

const file = (...rows: string[]) => `${[COLUMNS, ...rows].join('\n')}\n`;

describe('uploads that cannot be read', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp({ maxUploadMib: 1 });
  });
  afterAll(() => server.close());
  afterEach(async () => {
    expect(await server.database.asSuperuser('SELECT FROM snapshot')).toEqual([]);
    expect(await server.database.asSuperuser('SELECT FROM snapshot_file')).toEqual([]);
  });

  it.each([
    ['an empty file', '', 400, 'file_empty'],
    ['a header alone', `${COLUMNS}\n`, 400, 'file_without_rows'],
    ['no header', `${row('C1')}\n`, 400, 'header_missing'],
    ['a misspelt column', file(row('C1')).replace('name_kana', 'namekana'), 400, 'header_unknown'],
    ['a doubled column', file(row('C1')).replace('name_kana', 'name'), 400, 'header_doubled'],
    ['a missing column', file(row('C1')).replace(',quantity_xem', ''), 400, 'header_lacks'],
    [
      'broken UTF-8 in the header',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(file(row('C1')))]),
      400,
      'charset_unreadable',
    ],
  ])('%s is refused', async (_name, content, status, code) => {
    expect(await upload(server, content)).toMatchObject({ status, body: { code } });
  });

  it.each([
    ['a line of 100 KiB', file('x'.repeat(100_000)), 413, 'line_too_long'],
    ['more than the limit', file(...Array.from({ length: 30_000 }, (_, n) => row(`C${n}`))), 413, 'body_too_large'],
    // A hundred times more when it is unpacked, which is not done.
    ['a compressed file', gzipSync(file(...Array<string>(30_000).fill(row('C1')))), 400, 'charset_unreadable'],
  ])('[27] %s is refused', async (_name, content, status, code) => {
    expect(await upload(server, content)).toMatchObject({ status, body: { code } });
  });

  it('no file, another part, and an upload cut off at half are refused', async () => {
    expect(await upload(server, null)).toMatchObject({ status: 400, body: { code: 'file_missing' } });
    const content = file(row('C1'));
    expect(await upload(server, content, { withoutLastBytes: content.length / 2 })).toMatchObject({
      status: 400,
      body: { code: 'upload_cut_off' },
    });
  });

  it.each([
    [{ kind: 'third' }, 'kind'],
    [{ asOf: '2018-01-26T23:59:59' }, 'asOf'],
    [{ declaredCount: '-1' }, 'declaredCount'],
    [{ declaredTotalXem: '1e3' }, 'declaredTotalXem'],
    [{ charset: 'utf-16' }, 'charset'],
    [{ status: 'sealed' }, 'status'],
  ])('the fields %j are refused', async (fields, path) => {
    const answer = await upload(server, file(row('C1')), { fields });
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path }] } });
  });
});

describe('rows that are not accepted', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());
  afterEach(async () => {
    expect(await server.database.asSuperuser('SELECT FROM frozen_balance')).toEqual([]);
    expect(await server.database.asSuperuser('SELECT FROM holder')).toEqual([]);
  });

  const quantity = (value: string): [string, string, string, string] => [
    `quantity ${value}`,
    row('C1', { quantity_xem: value }),
    'quantity_xem',
    'quantity_malformed',
  ];

  it.each([
    ...['1.1234567', '1'.repeat(30), 'NaN', '1e6', '0x10', '１２', '', '1 0', '+5', '.5', '1e400'].map(quantity),
    ['quantity 1,000', row('C1', { quantity_xem: '"1,000"' }), 'quantity_xem', 'quantity_malformed'],
    ['a negative quantity', row('C1', { quantity_xem: '-1' }), 'quantity_xem', 'quantity_not_positive'],
    ['a quantity of zero', row('C1', { quantity_xem: '0.000000' }), 'quantity_xem', 'quantity_not_positive'],
    [
      'parts that differ',
      row('C1', { available_xem: '1', in_order_xem: '2', lent_xem: '3', in_transit_xem: '5' }),
      'quantity_xem',
      'parts_differ',
    ],
    ['parts that are incomplete', row('C1', { available_xem: '10' }), 'in_order_xem', 'parts_incomplete'],
    ['NUL', row('C1', { name: 'a\0b' }), 'name', 'nul_character'],
    ['a customer number with blanks', row('C 1'), 'customer_no', 'customer_no_malformed'],
    ['an unknown kind', row('C1', { kind: 'person' }), 'kind', 'value_unknown'],
    ['a date that is none', row('C1', { birth_date: '1980-02-30' }), 'birth_date', 'date_malformed'],
    ['a mail address that is none', row('C1', { email: 'x' }), 'email', 'email_malformed'],
    [
      'a verified person without a name',
      row('C1', { identity_status: 'verified', name_kana: 'ア', phone: '090-1234-5678', birth_date: '1980-01-01' }),
      'name',
      'value_required',
    ],
  ])('[28] %s is named with its line and column', async (_name, bad, column, code) => {
    const imported = await importFile(server, file(row('C0'), bad), {
      fields: { declaredCount: '2', declaredTotalXem: '20' },
    });
    expect(imported.status).toBe('invalid');
    expect(imported.errors[0]).toMatchObject({ line_no: '3', column_name: column, code });
  });

  it('personal values are masked in errors', async () => {
    const { errors } = await importFile(server, file(row('C1', { email: 'secret-mail' })));
    expect(JSON.stringify(errors)).not.toContain('secret-mail');
  });

  it('a row too short, a row too long and the same customer twice are named', async () => {
    const { status, errors } = await importFile(
      server,
      file('C1,individual', `${row('C2')},more`, row('C3'), row('C3')),
      { fields: { declaredCount: '2', declaredTotalXem: '20' } },
    );
    expect(status).toBe('invalid');
    expect(errors.map(({ line_no, code }) => [line_no, code])).toEqual([
      ['2', 'too_few_columns'],
      ['3', 'too_many_columns'],
      ['5', 'customer_twice'],
    ]);
  });

  it('a customer who comes again late in a large file is named, and nothing of the file is left', async () => {
    const holders = () => server.database.asSuperuser('SELECT count(*) FROM holder');
    const before = await holders();
    // Long enough for several pieces, so that the first have been taken over when the last is read.
    const name = '長'.repeat(200);
    const rows = Array.from({ length: 15_000 }, (_, n) => row(`D${n}`, { name }));
    const { status, errors } = await importFile(server, file(...rows, row('D7')), {
      fields: { declaredCount: '15001', declaredTotalXem: '150010' },
    });
    expect(status).toBe('invalid');
    expect(errors.map(({ line_no, value, code }) => [line_no, value, code])).toEqual([
      ['15002', 'D7', 'customer_twice'],
    ]);
    expect(await holders()).toEqual(before);
    expect(await server.database.asSuperuser(`SELECT FROM frozen_balance WHERE line_no > 1000`)).toEqual([]);
  });

  it('bytes that are no UTF-8 are named by their line', async () => {
    const content = Buffer.concat([
      Buffer.from(file(...Array.from({ length: 20_000 }, (_, n) => row(`C${n}`)))),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('\n'),
    ]);
    const { status, errors } = await importFile(server, content);
    expect(status).toBe('invalid');
    expect(errors).toContainEqual(expect.objectContaining({ line_no: '20002', code: 'bytes_undecodable' }));
  });

  it('a quote where none may be is named by its line', async () => {
    const { status, errors } = await importFile(server, file(row('C1'), row('C2', { name: 'sa"to' }), row('C3')));
    expect(status).toBe('invalid');
    expect(errors).toContainEqual(expect.objectContaining({ line_no: '3', code: 'csv_malformed' }));
  });

  it('a control total that differs says by how much', async () => {
    const { errors } = await importFile(server, file(row('C7')), {
      fields: { declaredCount: '3', declaredTotalXem: '12.5' },
    });
    expect(errors.map(({ column_name, value }) => [column_name, value])).toEqual([
      ['declaredCount', 'declared 3, found 1, difference -2 rows'],
      ['declaredTotalXem', 'declared 12.5, found 10.000000, difference -2.5 XEM'],
    ]);
  });

  it('an exclusion list with an unknown reason, a double and a stranger is named', async () => {
    const exclusions = 'customer_no,reason\nC8,because\nC8,zero\nC8,zero\nC99,test\n';
    const { status, errors } = await importFile(server, file(row('C8', { quantity_xem: '0' })), {
      exclusions,
      fields: { declaredTotalXem: '0' },
    });
    expect(status).toBe('invalid');
    expect(errors.map((error) => error.code).sort()).toEqual([
      'exclusion_not_in_file',
      'exclusion_reason_unknown',
      'exclusion_twice',
    ]);
  });
});

describe('forms of a file that are accepted', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(() => server.close());

  it.each([
    ['with a BOM', `\ufeff${file(row('A1'))}`, {}],
    ['with CRLF', file(row('A2')).replaceAll('\n', '\r\n'), {}],
    ['with a quoted line break', file(row('A3', { name: '"佐藤\n誠"' })), {}],
    ['in Windows-31J', iconv.encode(file(row('A4', { name: '髙橋①' })), 'cp932'), { charset: 'windows-31j' }],
    ['without a last line break', file(row('A5')).trimEnd(), {}],
  ])('%s', async (_name, content, fields) => {
    expect(await importFile(server, content, { fields })).toEqual({
      status: 'ready',
      errors: [],
    });
  });

  it('keep what they say', async () => {
    const names = await server.database.asSuperuser<{ name: string }>(
      `SELECT name FROM holder WHERE customer_no IN ('A3', 'A4') ORDER BY customer_no`,
    );
    expect(names.map((holder) => holder.name)).toEqual(['佐藤\n誠', '髙橋①']);
  });

  it('excluded rows may be zero or negative and stay visible', async () => {
    const imported = await importFile(
      server,
      file(row('A6'), row('A7', { quantity_xem: '0' }), row('A8', { quantity_xem: '-3.5' })),
      {
        exclusions: 'customer_no,reason,text\nA7,zero,\nA8,negative,fees\n',
        fields: {
          declaredCount: '3',
          declaredTotalXem: '6.5',
          declaredPayableCount: '1',
          declaredPayableTotalXem: '10',
          declaredExcludedCount: '2',
          declaredExcludedTotalXem: '-3.5',
        },
      },
    );
    expect(imported).toEqual({ status: 'ready', errors: [] });
  });
});
