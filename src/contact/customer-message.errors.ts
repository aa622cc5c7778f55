import { DomainError } from '../platform/problem/domain-error.js';

export class MessageNotFound extends DomainError {
  constructor() {
    super({
      code: 'customer_message_not_found',
      status: 404,
      title: { en: 'Message not found', ja: 'お問い合わせが見つかりません' },
      detail: {
        en: 'There is no such message, or it is not one that you may read. Nothing was done. Ask a colleague.',
        ja: 'このお問い合わせは存在しないか、閲覧できません。何も実行されていません。同僚に依頼してください。',
      },
    });
  }
}

/** Read by customers. */
export class TooManyMessages extends DomainError {
  constructor(most: number) {
    super({
      code: 'too_many_messages',
      status: 429,
      title: { en: 'Too many messages', ja: '送信回数の上限に達しました' },
      detail: {
        en: `You have written ${most} messages within 24 hours. This one was not kept. Please wait a day, or call us.`,
        ja: `24時間以内の上限(${most} 件)に達したため、今回の内容は受け付けられませんでした。時間をおくか、お電話でお問い合わせください。`,
      },
      extra: { retryAfterSeconds: 3_600 },
    });
  }
}
