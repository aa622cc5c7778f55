import { DomainError } from '../platform/problem/domain-error.js';

export class HolderNotFound extends DomainError {
  constructor() {
    super({
      code: 'holder_not_found',
      status: 404,
      title: { en: 'Holder not found', ja: '保有者が見つかりません' },
      detail: {
        en: 'Nobody has this customer number, or it is not one that you may open. Nothing was done. Search by the claim number, or ask a colleague.',
        ja: 'この顧客番号の保有者は存在しないか、閲覧できません。何も実行されていません。補償番号で検索するか、同僚に依頼してください。',
      },
    });
  }
}

export class RevealCapReached extends DomainError {
  constructor(mostPerHour: number) {
    super({
      code: 'reveal_cap_reached',
      status: 429,
      title: { en: 'Too many reveals', ja: 'マスク解除の上限に達しました' },
      detail: {
        en: `You have revealed ${mostPerHour} times within an hour. Nothing was shown. Wait, or ask your team lead.`,
        ja: `1時間の上限(${mostPerHour} 件)に達しました。何も表示されていません。時間をおくか、SVに相談してください。`,
      },
      extra: { mostPerHour, retryAfterSeconds: 600 },
    });
  }
}
