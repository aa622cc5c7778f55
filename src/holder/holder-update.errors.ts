import { DomainError } from '../platform/problem/domain-error.js';

export class HolderUpdateNotFound extends DomainError {
  constructor() {
    super({
      code: 'holder_update_not_found',
      status: 404,
      title: { en: 'No such holder update', ja: '保有者データの更新が見つかりません' },
      detail: {
        en: 'There is no holder update with this id. Nothing was done.',
        ja: 'このIDの更新はありません。何も実行されていません。',
      },
    });
  }
}

export class HolderUpdateNotReady extends DomainError {
  constructor(currentStatus: string) {
    super({
      code: 'holder_update_not_ready',
      status: 409,
      title: { en: 'The holder update cannot be applied', ja: '保有者データの更新を適用できません' },
      detail: {
        en: `It is ${currentStatus}, or it would change nobody. Nothing was done. Look at its errors, correct the file and upload it again.`,
        ja: `状態が ${currentStatus} であるか、変更対象がありません。何も実行されていません。エラーを確認し、修正したファイルを再度アップロードしてください。`,
      },
      extra: { currentStatus },
    });
  }
}
