import { LinesDigest } from '../audit/chain/chain-hash.js';
import { copyText } from '../holder/copy-text.js';
import { PERSON_COLUMNS } from '../holder/person-columns.js';
import { stagedKeys } from '../holder/search-key.js';
import { HOLDER_COLUMNS } from './columns.js';
import { CopyData } from './copy-data.js';
import type { JudgedRow } from './staged-lines.js';

const QUANTITIES = HOLDER_COLUMNS.slice(PERSON_COLUMNS.length);

/** Some rows, for each of the tables that they are written to. */
export class NewcomerRows {
  readonly holders: CopyData;
  readonly searchKeys: CopyData;
  readonly balances: CopyData;

  /** `spare` has chunks that rows before these are done with. */
  constructor(
    private readonly snapshotId: string,
    spare: Buffer[],
  ) {
    this.holders = new CopyData(spare);
    this.searchKeys = new CopyData(spare);
    this.balances = new CopyData(spare);
  }

  add(holderId: bigint | number, { row, lineNo, exclusion }: JudgedRow): void {
    let holder = `${holderId}`;
    for (const column of PERSON_COLUMNS) holder += `\t${copyText(row[column])}`;
    let keys = `${holderId}`;
    for (const key of stagedKeys(row)) keys += `\t${copyText(key)}`;
    let balance = `${this.snapshotId}\t${holderId}\t${lineNo}`;
    for (const column of QUANTITIES) balance += `\t${row[column] || '\\N'}`;
    this.holders.add(`${holder}\n`);
    this.searchKeys.add(`${keys}\n`);
    this.balances.add(`${balance}\t${exclusion?.reason ?? '\\N'}\t${copyText(exclusion?.text ?? '')}\n`);
  }

  get bytes(): number {
    return this.holders.bytes + this.searchKeys.bytes + this.balances.bytes;
  }
}

/** So many characters are hashed at once. */
const HASHED_TEXT = 2_048;

/** SHA-256 over all rows in the order of the file, each as the database writes it. */
export class RowsDigest {
  private readonly lines = new LinesDigest();
  private text = '';

  add({ row, exclusion }: JudgedRow): void {
    const line = `${row.customer_no},${asNumeric(row.quantity_xem)},${exclusion?.reason ?? ''}`;
    this.text = this.text === '' ? line : `${this.text}\n${line}`;
    if (this.text.length > HASHED_TEXT) this.flush();
  }

  hex(): string {
    if (this.text !== '') this.flush();
    return this.lines.hex();
  }

  private flush(): void {
    this.lines.add(this.text);
    this.text = '';
  }
}

/** A quantity with all its six decimals. The text has passed the grammar of quantities. */
function asNumeric(quantity: string): string {
  const point = quantity.indexOf('.');
  const decimals = point < 0 ? 0 : quantity.length - point - 1;
  const text = decimals === 6 ? quantity : `${quantity}${point < 0 ? '.' : ''}${'0'.repeat(6 - decimals)}`;
  return text === '-0.000000' ? '0.000000' : text;
}
