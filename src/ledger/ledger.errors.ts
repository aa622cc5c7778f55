import { DomainError } from '../platform/problem/domain-error.js';

export class FundShort extends DomainError {
  constructor(fundJpy: bigint, neededJpy: bigint) {
    const missingJpy = neededJpy - fundJpy;
    super({
      code: 'fund_short',
      status: 409,
      title: { en: 'The compensation fund is too small', ja: '補償原資が不足しています' },
      detail: {
        en: `The fund holds ${fundJpy} JPY, ${neededJpy} JPY are needed, ${missingJpy} JPY are missing. Nothing was done. Fund the difference first, or decide on less at once.`,
        ja: `補償原資は${fundJpy}円、必要額は${neededJpy}円で、${missingJpy}円不足しています。何も実行されていません。不足分を先に拠出するか、対象を減らしてください。`,
      },
      extra: { fundJpy: fundJpy.toString(), neededJpy: neededJpy.toString(), missingJpy: missingJpy.toString() },
    });
  }
}

export class FundingNotFound extends DomainError {
  constructor() {
    super({
      code: 'funding_not_found',
      status: 404,
      title: { en: 'Funding not found', ja: '拠出が見つかりません' },
      detail: {
        en: 'There is no such funding. Nothing was done. Look it up in GET /v1/ledger/fundings.',
        ja: 'この拠出は存在しません。何も実行されていません。拠出の一覧で確認してください。',
      },
    });
  }
}

export class BankReferenceUsed extends DomainError {
  /** @param fundingId the funding that has it, or null if it has just been given up. */
  constructor(fundingId: bigint | null) {
    super({
      code: 'bank_reference_used',
      status: 409,
      title: { en: 'This bank reference is already there', ja: 'この銀行取引番号は登録済みです' },
      detail: {
        en: 'A funding with this bank reference is proposed or effective, so this would count the same payment twice. Nothing was done. Compare it with the bank statement.',
        ja: 'この銀行取引番号の拠出がすでに登録されており、同じ資金の二重計上となります。何も実行されていません。銀行の明細と照合してください。',
      },
      extra: { fundingId: fundingId?.toString() ?? null },
    });
  }
}

export class ValueDateInFuture extends DomainError {
  constructor(today: string) {
    super({
      code: 'value_date_in_future',
      status: 400,
      title: { en: 'The value date is in the future', ja: '起算日が未来の日付です' },
      detail: {
        en: `Only cash that has already moved is funded, and today is ${today} in Japan. Nothing was done. Propose it on its value date.`,
        ja: `すでに移動済みの資金だけが対象で、本日は${today}(日本時間)です。何も実行されていません。起算日以降に登録してください。`,
      },
    });
  }
}

export class FundingNotLapsed extends DomainError {
  constructor(status: string) {
    super({
      code: 'funding_not_lapsed',
      status: 409,
      title: { en: 'This funding does not wait to be asked for again', ja: '再依頼できる拠出ではありません' },
      detail: {
        en: `Only a lapsed funding is submitted again; this one is ${status}. Nothing was done.`,
        ja: `再依頼できるのは期限切れの拠出だけです(現在の状態: ${status})。何も実行されていません。`,
      },
      extra: { currentStatus: status },
    });
  }
}

export class FundingOfAnotherMaker extends DomainError {
  constructor() {
    super({
      code: 'funding_of_another_maker',
      status: 403,
      title: { en: 'Another person proposed this funding', ja: '別の担当者が作成した拠出です' },
      detail: {
        en: 'Only its maker submits it again. Nothing was done. Propose it anew under your own name.',
        ja: '再依頼できるのは作成者だけです。何も実行されていません。必要な場合はご自身で新たに登録してください。',
      },
    });
  }
}
