import { DomainError } from '../platform/problem/domain-error.js';

export class RepresentativeNotFound extends DomainError {
  constructor() {
    super({
      code: 'representative_not_found',
      status: 404,
      title: { en: 'Representative not found', ja: '代理人等が見つかりません' },
      detail: {
        en: 'There is no such representative, or not one that you may see. Nothing was done. Look at the page of the holder.',
        ja: 'この代理人等は存在しないか、閲覧できません。何も実行されていません。保有者の画面で確認してください。',
      },
    });
  }
}

export class RepresentativeNotInForce extends DomainError {
  constructor() {
    super({
      code: 'representative_not_in_force',
      status: 409,
      title: { en: 'This representative is not in force', ja: 'この代理人等は有効ではありません' },
      detail: {
        en: 'The representative is not confirmed by a second person, has ended, or is not for today. Nothing was done. Look at the page of the holder.',
        ja: '二人目の確認が済んでいないか、終了しているか、有効期間外です。何も実行されていません。保有者の画面で確認してください。',
      },
    });
  }
}

export class RepresentativeDaysReversed extends DomainError {
  constructor() {
    super({
      code: 'representative_days_reversed',
      status: 400,
      title: { en: 'The last day is before the first', ja: '終了日が開始日より前です' },
      detail: {
        en: 'validTo is before validFrom. Nothing was done. Correct the days and send it again.',
        ja: 'validTo が validFrom より前です。何も実行されていません。日付を修正して再送してください。',
      },
    });
  }
}
