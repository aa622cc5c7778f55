import { DomainError } from '../platform/problem/domain-error.js';
import { CLAIM_TRANSITIONS, type ClaimState } from './claim.state.js';

export class ClaimNotFound extends DomainError {
  constructor() {
    super({
      code: 'claim_not_found',
      status: 404,
      title: { en: 'No such claim', ja: '補償が見つかりません' },
      detail: {
        en: 'There is no claim with this number. Nothing was done. Check the 12 digits.',
        ja: 'この補償番号の補償はありません。何も実行されていません。12桁の番号を確認してください。',
      },
    });
  }
}

export class ClaimNoMistyped extends DomainError {
  constructor() {
    super({
      code: 'claim_no_mistyped',
      status: 400,
      title: { en: 'This cannot be a claim number', ja: '補償番号の形式が正しくありません' },
      detail: {
        en: 'A claim number has 12 digits, and its last digit does not fit the others: one digit is wrong or two are swapped. Nothing was done.',
        ja: '補償番号は12桁です。検査数字が一致しないため、1桁の誤りか隣り合う2桁の入れ替わりがあります。何も実行されていません。',
      },
    });
  }
}

export class NothingToOpen extends DomainError {
  constructor(missing: 'sealed_snapshot' | 'effective_rate') {
    const what =
      missing === 'sealed_snapshot'
        ? { en: 'a sealed snapshot', ja: '確定済みの基準残高データ' }
        : { en: 'an effective rate', ja: '有効な補償単価' };
    super({
      code: 'claims_cannot_open',
      status: 409,
      title: { en: 'Claims cannot be opened yet', ja: '補償明細をまだ作成できません' },
      detail: {
        en: `There is no ${what.en.replace(/^an? /, '')}. No claim was opened. Have ${what.en} approved first.`,
        ja: `${what.ja}がありません。補償明細は作成されていません。先に承認を受けてください。`,
      },
      extra: { missing },
    });
  }
}

export class ClaimStateConflict extends DomainError {
  constructor(current: ClaimState) {
    const possible = CLAIM_TRANSITIONS[current];
    super({
      code: 'claim_state_conflict',
      status: 409,
      title: { en: 'The claim is in another state', ja: '補償の状態が異なります' },
      detail: {
        en: `The claim is ${current}; from there it can go to: ${possible.join(', ') || 'nothing'}. Nothing was done.`,
        ja: `補償は現在 ${current} です。可能な次の状態: ${possible.join('、') || 'なし'}。何も実行されていません。`,
      },
      extra: { currentStatus: current, possible },
    });
  }
}

export class ClaimUnderReview extends DomainError {
  constructor() {
    super({
      code: 'claim_under_review',
      status: 409,
      title: { en: 'The claim is under review', ja: '補償は支払保留中です' },
      detail: {
        en: 'A claim under review is neither approved nor credited. Nothing was done. It can be decided once the review ends.',
        ja: '支払保留中の補償は支払決定も反映もできません。何も実行されていません。保留解除後に判定してください。',
      },
    });
  }
}

export class ClaimBelowOneYen extends DomainError {
  constructor() {
    super({
      code: 'claim_below_one_yen',
      status: 409,
      title: { en: 'Below one yen', ja: '1円未満です' },
      detail: {
        en: 'This claim rounds to 0 yen, so there is nothing to approve. Nothing was done. Reject it as below_one_yen.',
        ja: '四捨五入後0円のため、支払決定はできません。何も実行されていません。below_one_yen として対象外にしてください。',
      },
    });
  }
}

export class ClaimInLiveBatch extends DomainError {
  constructor() {
    super({
      code: 'claim_in_live_batch',
      status: 409,
      title: { en: 'The claim is in a live batch', ja: '一括反映の対象に含まれています' },
      detail: {
        en: 'Its decision cannot be withdrawn now. Nothing was done. Place a hold to keep it from being credited.',
        ja: '現在は判定を取り消せません。何も実行されていません。反映を止める場合は支払保留を設定してください。',
      },
    });
  }
}

export class ClaimAlreadyProposed extends DomainError {
  constructor() {
    super({
      code: 'claim_already_proposed',
      status: 409,
      title: { en: 'A decision on this claim waits for a checker', ja: '承認待ちの判定があります' },
      detail: {
        en: 'Nothing was added. Wait until the open request is decided.',
        ja: '新しい依頼は作成されていません。承認待ちの依頼の判断をお待ちください。',
      },
    });
  }
}

export class ClaimCredited extends DomainError {
  constructor() {
    super({
      code: 'claim_credited',
      status: 409,
      title: { en: 'The claim is credited', ja: '残高へ反映済みです' },
      detail: {
        en: 'There is nothing left to hold. Nothing was done.',
        ja: '保留の対象がありません。何も実行されていません。',
      },
    });
  }
}

export class OwnClaim extends DomainError {
  constructor() {
    super({
      code: 'not_about_own_money',
      status: 403,
      title: { en: 'Nobody decides about their own money', ja: '自身や親族の補償は扱えません' },
      detail: {
        en: 'This is your own claim or that of a declared relative. Nothing was recorded. Hand it to a colleague.',
        ja: 'ご本人または届け出た親族の補償です。何も記録されていません。別の担当者に引き継いでください。',
      },
    });
  }
}

/** One answer for holds one placed oneself, for confidential ones and for none: it must not tell which. */
export class NoHoldToRelease extends DomainError {
  constructor() {
    super({
      code: 'no_hold_to_release',
      status: 409,
      title: { en: 'Nothing here that you can release', ja: '解除できる支払保留がありません' },
      detail: {
        en: 'There is no hold on this claim that you can release alone. Nothing was done. Ask a colleague who did not place it, or compliance.',
        ja: 'ご自身だけで解除できる支払保留はありません。何も実行されていません。設定した本人以外の担当者またはコンプライアンスに相談してください。',
      },
    });
  }
}

export class ContactNotVerified extends DomainError {
  constructor() {
    super({
      code: 'contact_not_verified',
      status: 409,
      title: { en: 'The changed contact is not verified', ja: '変更後の連絡先が確認されていません' },
      detail: {
        en: 'Two facts are to be verified anew, by two people, before this hold can be released. Nothing was done. Record the identity checks first.',
        ja: 'この保留の解除には、2名による2種類の本人確認が必要です。何も実行されていません。先に本人確認を記録してください。',
      },
    });
  }
}

export class ConfidentialHoldNeedsCompliance extends DomainError {
  constructor() {
    super({
      code: 'confidential_hold_needs_compliance',
      status: 403,
      title: { en: 'For compliance only', ja: 'コンプライアンス専用です' },
      detail: {
        en: 'Confidential holds are placed by two people of compliance. Nothing was done.',
        ja: 'この保留はコンプライアンスの2名で設定します。何も実行されていません。',
      },
    });
  }
}

export class ConfidentialHoldIncomplete extends DomainError {
  constructor() {
    super({
      code: 'confidential_hold_incomplete',
      status: 400,
      title: { en: 'Authority or case number is missing', ja: '機関名または事件番号がありません' },
      detail: {
        en: 'A confidential hold names the authority and the case number. Nothing was done.',
        ja: 'この保留には機関名と事件番号が必要です。何も実行されていません。',
      },
    });
  }
}

export class RunSelectsNothing extends DomainError {
  constructor() {
    super({
      code: 'run_selects_nothing',
      status: 409,
      title: { en: 'No claim to decide', ja: '対象となる補償がありません' },
      detail: {
        en: 'The filter matches no claim that is pending and not under review. Nothing was done.',
        ja: '条件に一致する判定前(保留なし)の補償がありません。何も実行されていません。',
      },
    });
  }
}

export class ApprovalRunNotFound extends DomainError {
  constructor() {
    super({
      code: 'approval_run_not_found',
      status: 404,
      title: { en: 'No such approval run', ja: '一括判定が見つかりません' },
      detail: {
        en: 'There is no approval run with this number. Nothing was done.',
        ja: 'この番号の一括判定はありません。何も実行されていません。',
      },
    });
  }
}
