import { randomUUID } from 'node:crypto';
import { SnapshotImport } from '../../src/snapshot/snapshot-import.js';
import type { TestApp } from '../harness/app.js';
import { staffToken } from '../harness/staff.js';

export const COLUMNS =
  'customer_no,kind,name,name_kana,email,phone,birth_date,country,language,account_status,identity_status,available_xem,in_order_xem,lent_xem,in_transit_xem,quantity_xem';

/** A good row; `change` replaces values by column. */
export function row(customerNo: string, change: Readonly<Record<string, string>> = {}): string {
  const good: Record<string, string> = {
    customer_no: customerNo,
    kind: 'individual',
    country: 'JP',
    language: 'ja',
    account_status: 'open',
    identity_status: 'none',
    quantity_xem: '10',
  };
  return COLUMNS.split(',')
    .map((column) => change[column] ?? good[column] ?? '')
    .join(',');
}

export interface Sent {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Uploads as a finance maker would, without a network; the parts are given as bytes so that they can be broken ones. */
export async function upload(
  server: TestApp,
  file: string | Buffer | null,
  options: { fields?: Readonly<Record<string, string>>; exclusions?: string; withoutLastBytes?: number } = {},
): Promise<Sent> {
  const boundary = `b${randomUUID()}`;
  const fields = {
    kind: 'base',
    asOf: '2018-01-26T23:59:59+09:00',
    declaredCount: '1',
    declaredTotalXem: '10',
    ...options.fields,
  };
  const parts: Buffer[] = Object.entries(fields).map(([name, value]) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
  );
  const addFile = (name: string, content: string | Buffer) => {
    parts.push(
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}.csv"\r\nContent-Type: text/csv\r\n\r\n`,
      ),
    );
    parts.push(Buffer.from(content), Buffer.from('\r\n'));
  };
  if (options.exclusions !== undefined) addFile('exclusions', options.exclusions);
  if (file !== null) addFile('file', file);
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  const whole = Buffer.concat(parts);
  const { token } = await staffToken(server, 'finance_maker');
  const answer = await server.app.inject({
    method: 'POST',
    url: '/v1/snapshots',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'accept-language': 'en',
    },
    payload: whole.subarray(0, whole.length - (options.withoutLastBytes ?? 0)),
  });
  return { status: answer.statusCode, body: JSON.parse(answer.body) as Record<string, unknown> };
}

export interface Imported {
  readonly status: string;
  readonly errors: readonly {
    readonly line_no: string | null;
    readonly column_name: string | null;
    readonly value: string | null;
    readonly code: string;
  }[];
}

/** Uploads, imports, and reads what came of it. */
export async function importFile(
  server: TestApp,
  file: string | Buffer,
  options: Parameters<typeof upload>[2] = {},
): Promise<Imported> {
  const sent = await upload(server, file, options);
  if (sent.status !== 202) throw new Error(JSON.stringify(sent.body));
  const id = String(sent.body.id);
  await server.app.get(SnapshotImport).run(id);
  const [snapshot] = await server.database.asSuperuser<{ status: string }>(
    'SELECT status FROM snapshot WHERE id = $1',
    [id],
  );
  const errors = await server.database.asSuperuser<Imported['errors'][number]>(
    'SELECT line_no, column_name, value, code FROM snapshot_row_error WHERE snapshot_id = $1 ORDER BY id',
    [id],
  );
  return { status: snapshot?.status ?? '', errors };
}
