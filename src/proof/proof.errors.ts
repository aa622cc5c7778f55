import { DomainError } from '../platform/problem/domain-error.js';

export class ProofNotAvailable extends DomainError {
  constructor() {
    super({
      code: 'proof_not_available',
      status: 404,
      title: { en: 'There is no proof for this customer', ja: 'この顧客番号の証明はありません' },
      detail: {
        en: 'Nobody of this number is in a published tree yet. One is built within minutes of each seal and each batch.',
        ja: '公表済みの集計に、この顧客番号は含まれていません。集計は、残高の確定後と一括反映の完了後、数分以内に作成されます。',
      },
    });
  }
}

export class ProofOfOwnClaim extends DomainError {
  constructor() {
    super({
      code: 'own_claim',
      status: 403,
      title: { en: 'Nobody deals with their own claim', ja: '本人または親族の補償は扱えません' },
      detail: {
        en: 'This customer is you or a relative you declared. Nothing was shown. Ask a colleague.',
        ja: 'この顧客は、ご本人または申告済みの親族です。何も表示していません。他の担当者に依頼してください。',
      },
    });
  }
}
