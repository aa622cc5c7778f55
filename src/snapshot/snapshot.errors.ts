import { DomainError, type Text } from '../platform/problem/domain-error.js';
import type { HeaderFlaw, Part } from './columns.js';
import { SNAPSHOT_TRANSITIONS, type SnapshotState } from './snapshot.state.js';

/** The name of the form's part that carries a file. */
export const FORM_PARTS: Readonly<Record<Part, string>> = { rows: 'file', exclusions: 'exclusions' };

export class SnapshotNotFound extends DomainError {
  constructor() {
    super({
      code: 'snapshot_not_found',
      status: 404,
      title: { en: 'No such snapshot', ja: '基準残高データが見つかりません' },
      detail: {
        en: 'There is no snapshot with this id. Nothing was done. GET /v1/snapshots lists those there are.',
        ja: 'このIDの基準残高データはありません。何も実行されていません。一覧は GET /v1/snapshots で確認できます。',
      },
    });
  }
}

/** The upload as such cannot be taken; what is wrong with single rows is listed by the import instead. */
abstract class UploadRefused extends DomainError {
  constructor(code: string, status: number, what: Text, extra: Readonly<Record<string, string>> = {}) {
    super({
      code,
      status,
      title: { en: 'The upload cannot be read', ja: 'アップロードを読み取れません' },
      detail: {
        en: `${what.en} Nothing was stored. Correct it and upload again.`,
        ja: `${what.ja}何も保存されていません。修正して再度アップロードしてください。`,
      },
      extra,
    });
  }
}

export class UploadCutOff extends UploadRefused {
  constructor() {
    super('upload_cut_off', 400, {
      en: 'The upload ended before its end, or is not multipart/form-data.',
      ja: 'アップロードが途中で切れているか、multipart/form-data の形式ではありません。',
    });
  }
}

export class FileMissing extends UploadRefused {
  constructor() {
    super('file_missing', 400, {
      en: 'The form has no file in the part "file".',
      ja: 'フォームのパート "file" にファイルがありません。',
    });
  }
}

export class PartNotExpected extends UploadRefused {
  constructor(part: string) {
    super(
      'part_not_expected',
      400,
      {
        en: `The part ${part} is unknown or given twice.`,
        ja: `パート ${part} は不明か、重複しています。`,
      },
      { part },
    );
  }
}

export class FileEmpty extends UploadRefused {
  constructor(part: Part) {
    const file = FORM_PARTS[part];
    super('file_empty', 400, { en: `The file "${file}" is empty.`, ja: `ファイル "${file}" は空です。` }, { file });
  }
}

export class FileWithoutRows extends UploadRefused {
  constructor(part: Part) {
    const file = FORM_PARTS[part];
    super(
      'file_without_rows',
      400,
      {
        en: `The file "${file}" has a header and no row.`,
        ja: `ファイル "${file}" にはヘッダーだけでデータ行がありません。`,
      },
      { file },
    );
  }
}

export class LineTooLong extends UploadRefused {
  constructor(limit: number) {
    super('line_too_long', 413, {
      en: `A line is longer than ${limit} bytes; reading stopped there.`,
      ja: `${limit} バイトを超える行があるため、読み取りを中止しました。`,
    });
  }
}

export class CharsetDiffers extends UploadRefused {
  constructor(part: Part, marked: string, declared: string) {
    const file = FORM_PARTS[part];
    super(
      'charset_differs',
      400,
      {
        en: `The file "${file}" begins with the byte order mark of ${marked}, but ${declared} was declared. Save it as UTF-8 or Windows-31J and declare that.`,
        ja: `ファイル "${file}" の先頭には ${marked} のバイト順マークがありますが、${declared} と申告されています。UTF-8 または Windows-31J で保存し、その文字コードを申告してください。`,
      },
      { file, marked, declared },
    );
  }
}

const HEADER_FLAWS: Readonly<Record<HeaderFlaw['code'], (columns: string) => Text>> = {
  header_missing: (columns) => ({
    en: `The first line is no header; it has to name the columns ${columns}.`,
    ja: `1行目がヘッダーではありません。次の列名が必要です: ${columns}。`,
  }),
  header_unknown: (columns) => ({ en: `Unknown columns: ${columns}.`, ja: `不明な列があります: ${columns}。` }),
  header_doubled: (columns) => ({ en: `Columns given twice: ${columns}.`, ja: `重複した列があります: ${columns}。` }),
  header_lacks: (columns) => ({ en: `Missing columns: ${columns}.`, ja: `不足している列があります: ${columns}。` }),
};

export class HeaderRefused extends DomainError {
  constructor(part: Part, { code, columns }: HeaderFlaw) {
    const what = HEADER_FLAWS[code](columns.join(', '));
    super({
      code,
      status: 400,
      title: { en: 'The header is wrong', ja: 'ヘッダーが正しくありません' },
      detail: {
        en: `${what.en} Nothing was stored. Correct the first line and upload again.`,
        ja: `${what.ja}何も保存されていません。1行目を修正して再度アップロードしてください。`,
      },
      extra: { file: FORM_PARTS[part], columns },
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
        en: 'The same file with the same exclusion list is here already. Nothing was stored. Go on with the snapshot named in snapshotId.',
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
        en: `Only a ready snapshot can be sealed; this one is ${current}. Nothing was done.`,
        ja: `確定できるのは ready の基準残高データだけです。現在の状態は ${current} です。何も実行されていません。`,
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
        en: 'A programme has one base. Nothing was done. Customers who are missing in it come as a supplement.',
        ja: '本体は一つだけです。何も実行されていません。漏れていた顧客は追補としてアップロードしてください。',
      },
    });
  }
}

export class SupplementBeforeBase extends DomainError {
  constructor() {
    super({
      code: 'supplement_before_base',
      status: 409,
      title: { en: 'There is no sealed base yet', ja: '本体がまだ確定されていません' },
      detail: {
        en: 'A supplement adds customers to a sealed base. Nothing was done. Upload and seal the base first.',
        ja: '追補は確定済みの本体に顧客を加えるものです。何も実行されていません。先に本体を確定してください。',
      },
    });
  }
}

export class CustomersSealedAlready extends DomainError {
  constructor(count: bigint, customerNos: readonly string[]) {
    super({
      code: 'customers_sealed_already',
      status: 409,
      title: { en: 'Customers are in a sealed snapshot already', ja: '確定済みの顧客が含まれています' },
      detail: {
        en: `${count} customers of this snapshot are in a sealed one; the first are in customerNos. Nothing was done. Upload a file without them.`,
        ja: `この基準残高データの ${count} 名は確定済みのデータに含まれています(先頭の顧客番号は customerNos)。何も実行されていません。該当者を除いたファイルをアップロードしてください。`,
      },
      extra: { count: count.toString(), customerNos },
    });
  }
}
