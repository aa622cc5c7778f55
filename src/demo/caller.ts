import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { HOLDER_COLUMNS } from './holders/write-holders.js';

/** What a customer knows of themselves. */
export interface Caller {
  readonly customerNo: string;
  readonly birthDate: string;
  readonly phone: string;
}

/** One of these customers who can say birth date and phone; null if none can. Made-up customers have no commas in them. */
export async function callerAmong(folder: string, customerNos: readonly string[]): Promise<Caller | null> {
  const lines = createInterface({ input: createReadStream(join(folder, 'holders.csv')), crlfDelay: Infinity });
  for await (const line of lines) {
    const cells = line.split(',');
    const cell = (column: (typeof HOLDER_COLUMNS)[number]) => cells[HOLDER_COLUMNS.indexOf(column)] ?? '';
    const [customerNo, birthDate, phone] = [cell('customer_no'), cell('birth_date'), cell('phone')];
    const calls = cell('kind') === 'individual' && cell('account_status') !== 'deceased';
    if (calls && birthDate && phone && customerNos.includes(customerNo)) return { customerNo, birthDate, phone };
  }
  return null;
}
