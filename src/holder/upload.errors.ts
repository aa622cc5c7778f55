import { DomainError } from '../platform/problem/domain-error.js';
import type { HeaderFlaw } from './person-columns.js';

const NOTHING = { en: 'Nothing was stored.', ja: '何も保存されていません。' };

/** The upload itself cannot be read; what is wrong with rows is reported by row instead. */
export class UploadRefused extends DomainError {
  constructor(
    code:
      | 'upload_cut_off'
      | 'file_missing'
      | 'file_twice'
      | 'file_empty'
      | 'file_without_rows'
      | 'line_too_long'
      | 'charset_unreadable'
      | 'csv_unreadable',
    en: string,
    ja: string,
  ) {
    super({
      code,
      status: code === 'line_too_long' ? 413 : 400,
      title: { en: 'The upload cannot be read', ja: 'アップロードを読み取れません' },
      detail: {
        en: `${en} ${NOTHING.en} Correct it and upload again.`,
        ja: `${ja}${NOTHING.ja}修正して再度アップロードしてください。`,
      },
    });
  }
}

export class HeaderRefused extends DomainError {
  constructor(file: 'file' | 'exclusions', flaw: HeaderFlaw) {
    const names = flaw.columns.join(', ');
    const en = {
      header_missing: `The first line is no header. Expected: ${names}.`,
      header_unknown: `Unknown column: ${names}.`,
      header_doubled: `Column given twice: ${names}.`,
      header_lacks: `Missing column: ${names}.`,
    };
    const ja = {
      header_missing: `1行目がヘッダーではありません。必要な列: ${names}。`,
      header_unknown: `不明な列: ${names}。`,
      header_doubled: `重複した列: ${names}。`,
      header_lacks: `不足している列: ${names}。`,
    };
    super({
      code: flaw.code,
      status: 400,
      title: { en: 'The header is wrong', ja: 'ヘッダーが正しくありません' },
      detail: {
        en: `${en[flaw.code]} ${NOTHING.en} Correct the header and upload again.`,
        ja: `${ja[flaw.code]}${NOTHING.ja}ヘッダーを修正して再度アップロードしてください。`,
      },
      extra: { file, columns: flaw.columns },
    });
  }
}
