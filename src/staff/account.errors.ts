import { DomainError } from '../platform/problem/domain-error.js';

export class AccountFileRefused extends DomainError {
  constructor(en: string, ja: string) {
    super({
      code: 'account_file_refused',
      status: 400,
      title: { en: 'The file cannot be read', ja: 'ファイルを読み取れません' },
      detail: {
        en: `${en} Nothing was done. Correct the file and upload it again.`,
        ja: `${ja}何も実行されていません。修正して再度アップロードしてください。`,
      },
    });
  }
}

export interface RowFault {
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly reason: { readonly en: string; readonly ja: string };
}

export class AccountRowsFaulty extends DomainError {
  constructor(rows: readonly RowFault[]) {
    super({
      code: 'account_rows_faulty',
      status: 400,
      title: { en: 'Some rows are faulty', ja: '誤りのある行があります' },
      detail: {
        en: `${rows.length} faults, listed by line and column. No account was asked for. Correct the file and upload it again.`,
        ja: `${rows.length} 件の誤りがあります(行・列ごとに表示)。アカウントは一つも依頼されていません。修正して再度アップロードしてください。`,
      },
      extra: { rows: rows.map((row) => ({ ...row, reason: { ...row.reason } })) },
    });
  }
}

export class AccountsTaken extends DomainError {
  constructor() {
    super({
      code: 'accounts_taken',
      status: 409,
      title: {
        en: 'A login or customer number was given away meanwhile',
        ja: 'ログイン名または顧客番号が使用済みです',
      },
      detail: {
        en: 'Another account has it since this was asked for. No account was made. Refuse the request; it has to be asked for anew.',
        ja: '依頼後に別のアカウントで使用されました。アカウントは作成されていません。差し戻して再度依頼してください。',
      },
    });
  }
}
