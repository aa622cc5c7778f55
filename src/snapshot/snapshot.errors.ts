import { DomainError } from '../platform/problem/domain-error.js';
import { SNAPSHOT_TRANSITIONS, type SnapshotState } from './snapshot.state.js';

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
