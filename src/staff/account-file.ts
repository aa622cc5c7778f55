import { parse } from 'csv-parse/sync';
import { validateSync } from 'class-validator';
import { CreateStaffDto } from '../identity/staff.dto.js';
import { ROLES } from '../identity/role.js';
import { AccountFileRefused, type RowFault } from './account.errors.js';

const COLUMNS = ['login', 'name', 'role', 'employer', 'team', 'mail', 'last_day'] as const;
/** After those, each if wanted, in this order. */
const OPTIONAL = ['customer_no', 'oidc_subject'] as const;
const MAX_ROWS = 2_000;

/** What a column is called where accounts are made one by one. */
const FIELDS = {
  login: 'login',
  name: 'displayName',
  role: 'role',
  employer: 'employer',
  team: 'team',
  mail: 'mail',
  last_day: 'lastDay',
  customer_no: 'customerNo',
  oidc_subject: 'oidcSubject',
} as const;
type Column = keyof typeof FIELDS;

const RULES: Readonly<Record<Column, RowFault['reason']>> = {
  login: {
    en: '3 to 64 letters, digits, dots, hyphens or underscores',
    ja: '英数字・ドット・ハイフン・下線で3~64文字',
  },
  name: { en: '1 to 100 characters', ja: '1~100文字' },
  role: { en: `one of ${ROLES.join(', ')}`, ja: `次のいずれか: ${ROLES.join('、')}` },
  employer: { en: '1 to 100 characters, or empty', ja: '1~100文字、または空欄' },
  team: { en: '1 to 100 characters, or empty', ja: '1~100文字、または空欄' },
  mail: { en: 'a mail address: the one-time token goes there', ja: 'メールアドレス(有効化トークンの送付先)' },
  last_day: {
    en: 'a day such as 2018-09-30, not over yet, or empty',
    ja: '2018-09-30 のような本日以降の日付、または空欄',
  },
  customer_no: { en: 'a customer number, or empty', ja: '顧客番号、または空欄' },
  oidc_subject: {
    en: '1 to 255 printable characters, or empty',
    ja: '表示可能な英数字・記号で1~255文字、または空欄',
  },
};
const TWICE = { en: 'in the file twice', ja: 'ファイル内で重複しています' };

export interface AccountRow {
  readonly line: number;
  readonly account: CreateStaffDto;
}

/** The accounts that a file names, and what is wrong with it by line and column. Errors: account_file_refused. */
export function readAccountFile(bytes: Buffer, today: string): { rows: AccountRow[]; faults: RowFault[] } {
  const records = recordsOf(bytes);
  const faults: RowFault[] = [];
  const seen = new Set<string>();
  const rows = records.map(({ record, info }) => {
    const line = info.lines;
    const account = accountOf(record);
    const wrong = new Set(validateSync(account).map(({ property }) => property));
    if (!account.mail) wrong.add('mail');
    if (account.lastDay && account.lastDay < today) wrong.add('lastDay');
    for (const column of Object.keys(FIELDS) as Column[])
      if (wrong.has(FIELDS[column])) faults.push({ line, column, code: `${column}_invalid`, reason: RULES[column] });
    for (const column of ['login', ...OPTIONAL] as const) {
      const value = account[FIELDS[column]];
      if (!value) continue;
      const key = `${column} ${column === 'login' ? value.toLowerCase() : value}`;
      if (seen.has(key)) faults.push({ line, column, code: `${column}_twice`, reason: TWICE });
      seen.add(key);
    }
    return { line, account };
  });
  return { rows, faults };
}

function accountOf(record: Readonly<Record<string, string>>): CreateStaffDto {
  const cells = (Object.keys(FIELDS) as Column[]).map((column) => [FIELDS[column], record[column] || null]);
  return Object.assign(new CreateStaffDto(), Object.fromEntries(cells));
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function recordsOf(bytes: Buffer): CsvRecord[] {
  let records: CsvRecord[];
  let header: readonly string[] = [];
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    records = parse(text, {
      columns: (names: string[]) => (header = names),
      info: true,
      skip_empty_lines: true,
      to: MAX_ROWS + 1,
    }) as unknown as CsvRecord[];
  } catch {
    throw new AccountFileRefused('It is not CSV in UTF-8.', 'UTF-8 の CSV ではありません。');
  }
  const expected = [...COLUMNS, ...OPTIONAL.filter((column) => header.includes(column))].join(',');
  if (header.join(',') !== expected)
    throw new AccountFileRefused(
      `Its first line must be ${COLUMNS.join(',')}, and after that, if wanted, ${OPTIONAL.join(' and ')}.`,
      `1行目は ${COLUMNS.join(',')}(末尾に ${OPTIONAL.join('、')} を追加可)としてください。`,
    );
  if (records.length === 0 || records.length > MAX_ROWS)
    throw new AccountFileRefused(`It must have 1 to ${MAX_ROWS} rows.`, `1~${MAX_ROWS} 行としてください。`);
  return records;
}
