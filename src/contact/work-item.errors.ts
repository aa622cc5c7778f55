import { DomainError } from '../platform/problem/domain-error.js';

export class WorkItemNotFound extends DomainError {
  constructor() {
    super({
      code: 'work_item_not_found',
      status: 404,
      title: { en: 'Work item not found', ja: '対応依頼が見つかりません' },
      detail: {
        en: 'There is no such work item for you. Nothing was done. Take the next one.',
        ja: 'この対応依頼は存在しないか、担当できません。何も実行されていません。次の対応依頼を取得してください。',
      },
    });
  }
}

export class WorkItemNotInHand extends DomainError {
  constructor() {
    super({
      code: 'work_item_not_in_hand',
      status: 409,
      title: { en: 'You do not have this item in hand', ja: 'この対応依頼は担当中ではありません' },
      detail: {
        en: 'It is done, was never handed to you, or went to another after 15 minutes of silence. Nothing was done. Take the next one.',
        ja: '完了済みか、担当していないか、15分間操作がなかったため別の担当者に移りました。何も実行されていません。次の対応依頼を取得してください。',
      },
    });
  }
}
