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
