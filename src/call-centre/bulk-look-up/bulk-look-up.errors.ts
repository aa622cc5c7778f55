import { DomainError } from '../../platform/problem/domain-error.js';

export class BulkLookUpNotFound extends DomainError {
  constructor() {
    super({
      code: 'bulk_look_up_not_found',
      status: 404,
      title: { en: 'Bulk look-up not found', ja: '一括照会が見つかりません' },
      detail: {
        en: 'You have asked for no such look-up; those of others are theirs alone. Nothing was done.',
        ja: 'この一括照会は存在しないか、ご自身のものではありません。何も実行されていません。',
      },
    });
  }
}

export class BulkLookUpNotAnswered extends DomainError {
  constructor() {
    super({
      code: 'bulk_look_up_not_answered',
      status: 409,
      title: { en: 'Not answered yet', ja: '照会中です' },
      detail: {
        en: 'The look-up is still being worked on. Ask for its state again in a few seconds.',
        ja: '照会を実行中です。数秒後に状態を確認してください。',
      },
    });
  }
}

export class BulkLookUpDestroyed extends DomainError {
  constructor() {
    super({
      code: 'bulk_look_up_destroyed',
      status: 410,
      title: { en: 'The result is destroyed', ja: '結果は破棄されました' },
      detail: {
        en: 'Results are kept for a short time only. Upload the keys again if you still need them.',
        ja: '結果の保存期間が終了しました。必要な場合は再度アップロードしてください。',
      },
    });
  }
}

export class TooManyKeys extends DomainError {
  constructor(most: number) {
    super({
      code: 'too_many_keys',
      status: 400,
      title: { en: 'Too many keys', ja: '件数が上限を超えています' },
      detail: {
        en: `At most ${most} keys are looked up at once. Nothing was stored. Split the file.`,
        ja: `一度に照会できるのは ${most} 件までです。何も保存されていません。ファイルを分割してください。`,
      },
      extra: { most },
    });
  }
}
