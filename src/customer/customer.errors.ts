import { DomainError } from '../platform/problem/domain-error.js';

export class RecordNotFound extends DomainError {
  constructor() {
    super({
      code: 'record_not_found',
      status: 404,
      title: { en: 'No record', ja: '記録が見つかりません' },
      detail: {
        en: 'There is no record for your customer number. Nothing was done. Please call us.',
        ja: 'お客様番号に対応する記録がありません。何も実行されていません。お電話でお問い合わせください。',
      },
    });
  }
}
