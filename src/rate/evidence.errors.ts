import { DomainError } from '../platform/problem/domain-error.js';

/** One thing that is wrong in a file; the value is shortened, because a cell may be anything. */
export interface RowError {
  readonly line: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string;
}

export class EvidenceInvalid extends DomainError {
  constructor(errors: readonly RowError[]) {
    const first = errors[0];
    super({
      code: 'evidence_invalid',
      status: 400,
      title: { en: 'The file has faulty rows', ja: '資料に誤りのある行があります' },
      detail: {
        en: `Line ${first?.line ?? 1}: ${first?.reason ?? 'not readable'}. Nothing was kept. Correct the rows in errors (at most 20 are listed) and send the whole file again.`,
        ja: `${first?.line ?? 1}行目に誤りがあります。何も保存されていません。errors に示された行(最大20件)を修正し、ファイル全体を再送してください。`,
      },
      extra: { errors: errors.map(({ line, column, value, reason }) => ({ line, column, value, reason })) },
    });
  }
}

export class EvidenceEmpty extends DomainError {
  constructor() {
    super({
      code: 'evidence_empty',
      status: 400,
      title: { en: 'The file has no rows', ja: '資料にデータ行がありません' },
      detail: {
        en: 'There is no row below a header. Nothing was kept. Send a file with a header and rows.',
        ja: '見出しの下にデータ行がありません。何も保存されていません。見出しとデータ行のあるファイルを送信してください。',
      },
    });
  }
}

export class EvidenceOutsideWindow extends DomainError {
  constructor(start: string, end: string) {
    super({
      code: 'evidence_outside_window',
      status: 400,
      title: { en: 'No row lies in the window', ja: '算定期間内の行がありません' },
      detail: {
        en: `No row of the file lies between ${start} and ${end}. Nothing was kept. Check the days and the time zone of the file.`,
        ja: `${start} から ${end} までの行がファイルにありません。何も保存されていません。日付とタイムゾーンを確認してください。`,
      },
      extra: { start, end },
    });
  }
}

export class EvidenceAlreadyThere extends DomainError {
  constructor() {
    super({
      code: 'evidence_already_there',
      status: 409,
      title: { en: 'This file is already there', ja: 'この資料は登録済みです' },
      detail: {
        en: 'The rate already has evidence from a file with the same SHA-256. Nothing was added.',
        ja: 'SHA-256 が同じファイルがすでに登録されています。何も追加されていません。',
      },
    });
  }
}

export class EvidenceTooLarge extends DomainError {
  constructor(limit: string) {
    super({
      code: 'evidence_too_large',
      status: 413,
      title: { en: 'The file is too large', ja: '資料が大きすぎます' },
      detail: {
        en: `At most ${limit} are taken. Nothing was kept. Cut the file to the days around the window.`,
        ja: `上限は ${limit} です。何も保存されていません。算定期間前後の日付に絞ってください。`,
      },
    });
  }
}

export class EvidenceUploadBroken extends DomainError {
  constructor() {
    super({
      code: 'upload_broken',
      status: 400,
      title: { en: 'The upload is not whole', ja: 'アップロードが不完全です' },
      detail: {
        en: 'Send multipart/form-data with the field kind (trades or ohlc) first and then one file, to its end. Nothing was kept.',
        ja: 'multipart/form-data で、フィールド kind(trades または ohlc)、続いてファイル1件を最後まで送信してください。何も保存されていません。',
      },
    });
  }
}
