import { DomainError } from '../platform/problem/domain-error.js';

export class HolderNotFound extends DomainError {
  constructor() {
    super({
      code: 'holder_not_found',
      status: 404,
      title: { en: 'Holder not found', ja: '保有者が見つかりません' },
      detail: {
        en: 'Nobody has this customer number. Nothing was done. Ask the caller for the claim number and search by it.',
        ja: 'この顧客番号の保有者は存在しません。何も実行されていません。補償番号を確認して検索してください。',
      },
    });
  }
}
