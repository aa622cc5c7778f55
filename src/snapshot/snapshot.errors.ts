import { DomainError } from '../platform/problem/domain-error.js';
import type { HeaderFlaw } from './columns.js';
import { SNAPSHOT_TRANSITIONS, type SnapshotState } from './snapshot.state.js';

const NOTHING = { en: 'Nothing was stored.', ja: '何も保存されていません。' };

export class SnapshotNotFound extends DomainError {
  constructor() {
    super({
      code: 'snapshot_not_found',
      status: 404,
      title: { en: 'No such snapshot', ja: '基準残高データが見つかりません' },
      detail: {
        en: 'There is no snapshot with this id. Nothing was done.',
        ja: 'このIDの基準残高データはありません。何も実行されていません。',
      },
    });
  }
}

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

export class SnapshotAlreadyUploaded extends DomainError {
  constructor(snapshotId: string) {
    super({
      code: 'snapshot_already_uploaded',
      status: 409,
      title: { en: 'This file was uploaded before', ja: '同じファイルがアップロード済みです' },
      detail: {
        en: 'The same file with the same exclusion list is already here. Nothing was stored. Go on with the snapshot named in snapshotId.',
        ja: '同じファイルと対象外リストがすでに登録されています。何も保存されていません。snapshotId の基準残高データをご利用ください。',
      },
      extra: { snapshotId },
    });
  }
}

export class SnapshotStateConflict extends DomainError {
  constructor(current: SnapshotState) {
    const possible = SNAPSHOT_TRANSITIONS[current];
    super({
      code: 'snapshot_state_conflict',
      status: 409,
      title: { en: 'The snapshot is in another state', ja: '基準残高データの状態が異なります' },
      detail: {
        en: `The snapshot is ${current}; from there it can become: ${possible.join(', ') || 'nothing'}. Nothing was done.`,
        ja: `現在の状態は ${current} です。可能な次の状態: ${possible.join('、') || 'なし'}。何も実行されていません。`,
      },
      extra: { currentStatus: current, possible },
    });
  }
}

export class BaseAlreadySealed extends DomainError {
  constructor() {
    super({
      code: 'base_already_sealed',
      status: 409,
      title: { en: 'There is a sealed base already', ja: '本体は確定済みです' },
      detail: {
        en: 'One base snapshot is sealed per programme. Nothing was done. Customers who are missing come as a supplement.',
        ja: '本体は一度だけ確定できます。何も実行されていません。漏れていた顧客は追補としてアップロードしてください。',
      },
    });
  }
}
