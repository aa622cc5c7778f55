import { DomainError } from '../platform/problem/domain-error.js';

export class RateNotFound extends DomainError {
  constructor() {
    super({
      code: 'rate_not_found',
      status: 404,
      title: { en: 'Rate not found', ja: '補償単価が見つかりません' },
      detail: {
        en: 'There is no such rate. Nothing was done. Look it up in GET /v1/rates.',
        ja: 'この補償単価は存在しません。何も実行されていません。補償単価の一覧で確認してください。',
      },
    });
  }
}

export class WindowReversed extends DomainError {
  constructor(start: string, end: string) {
    super({
      code: 'window_reversed',
      status: 400,
      title: { en: 'The window ends before it starts', ja: '算定期間の終了が開始より前です' },
      detail: {
        en: `${start} is not before ${end}. Nothing was done. Each start, the alternatives too, must lie before each end.`,
        ja: `${start} は ${end} より前ではありません。何も実行されていません。代替の時刻も含め、開始はすべて終了より前にしてください。`,
      },
      extra: { start, end },
    });
  }
}

export class RateNotProposed extends DomainError {
  constructor(status: string) {
    super({
      code: 'rate_not_proposed',
      status: 409,
      title: { en: 'The rate is no longer proposed', ja: '提案中の補償単価ではありません' },
      detail: {
        en: `Evidence is added while a rate is proposed; this one is ${status}. Nothing was done.`,
        ja: `算定資料を追加できるのは提案中の間だけです(現在の状態: ${status})。何も実行されていません。`,
      },
      extra: { currentStatus: status },
    });
  }
}

export class RateNotLapsed extends DomainError {
  constructor(status: string) {
    super({
      code: 'rate_not_lapsed',
      status: 409,
      title: { en: 'This rate does not wait to be asked for again', ja: '再依頼できる補償単価ではありません' },
      detail: {
        en: `Only a lapsed rate is submitted again; this one is ${status}. Nothing was done.`,
        ja: `再依頼できるのは期限切れの補償単価だけです(現在の状態: ${status})。何も実行されていません。`,
      },
      extra: { currentStatus: status },
    });
  }
}

export class RateOfAnotherMaker extends DomainError {
  constructor() {
    super({
      code: 'rate_of_another_maker',
      status: 403,
      title: { en: 'Another person proposed this rate', ja: '別の担当者が作成した補償単価です' },
      detail: {
        en: 'Only its maker adds evidence or submits it again. Nothing was done.',
        ja: '算定資料の追加と再依頼ができるのは作成者だけです。何も実行されていません。',
      },
    });
  }
}
