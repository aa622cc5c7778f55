import { DomainError } from '../platform/problem/domain-error.js';
import { possibleCommands, type BatchCommand, type CreditBatchState } from './credit-batch.state.js';

export class CreditBatchNotFound extends DomainError {
  constructor() {
    super({
      code: 'credit_batch_not_found',
      status: 404,
      title: { en: 'Credit batch not found', ja: '一括反映が見つかりません' },
      detail: {
        en: 'There is no such credit batch. Nothing was done. Look it up in GET /v1/credit-batches.',
        ja: 'この一括反映は存在しません。何も実行されていません。一覧で確認してください。',
      },
    });
  }
}

/** Says what state it is in and what is possible there. */
export class CreditBatchInOtherState extends DomainError {
  constructor(command: BatchCommand | 'release' | 'sign', status: CreditBatchState) {
    const possible = possibleCommands(status);
    super({
      code: 'credit_batch_in_other_state',
      status: 409,
      title: { en: `Not possible while it is ${status}`, ja: `現在の状態(${status})では実行できません` },
      detail: {
        en: `The batch is ${status}, so ${command} is not possible. Nothing was done. Possible now: ${possible.join(', ') || 'nothing, it has ended or is being decided'}.`,
        ja: `この一括反映は ${status} のため ${command} は実行できません。何も実行されていません。現在可能な操作: ${possible.join('、') || 'なし'}。`,
      },
      extra: { currentStatus: status, possible },
    });
  }
}

export class KillSwitchPulled extends DomainError {
  constructor() {
    super({
      code: 'kill_switch_pulled',
      status: 409,
      title: { en: 'The kill switch is pulled', ja: '緊急停止中です' },
      detail: {
        en: 'Nothing is credited while the kill switch is pulled. The batch stays paused. Look at GET /v1/kill-switch; two people release it, then resume.',
        ja: '緊急停止中のため反映は行われません。一括反映は停止したままです。緊急停止の理由を確認し、2名で解除してから再開してください。',
      },
    });
  }
}

export class KillSwitchNotPulled extends DomainError {
  constructor() {
    super({
      code: 'kill_switch_not_pulled',
      status: 409,
      title: { en: 'The kill switch is not pulled', ja: '緊急停止されていません' },
      detail: {
        en: 'There is nothing to release. Nothing was done. A batch that is still paused is resumed by itself.',
        ja: '解除する緊急停止がありません。何も実行されていません。停止中の一括反映は個別に再開してください。',
      },
    });
  }
}

export class CreditBatchEmpty extends DomainError {
  constructor() {
    super({
      code: 'credit_batch_empty',
      status: 422,
      title: { en: 'The filter selects no claim', ja: '条件に該当する補償明細がありません' },
      detail: {
        en: 'No claim that the filter selects is approved, not under review and free of other batches. No batch was made and nothing is reserved. Widen the filter, or look in the claims for their states.',
        ja: '条件に該当し、支払決定済みで、確認中でなく、他の一括反映に含まれない明細がありません。一括反映は作成されず、引当もありません。条件を広げるか、明細の状態を確認してください。',
      },
    });
  }
}

export class CustomersUnknown extends DomainError {
  constructor(positions: readonly number[]) {
    super({
      code: 'customers_unknown',
      status: 422,
      title: { en: 'The list names unknown customers', ja: '一覧に不明な顧客番号があります' },
      detail: {
        en: `${positions.length} of the customer numbers belong to nobody. No batch was made and nothing is reserved. Correct the entries at the positions given (from 0).`,
        ja: `${positions.length} 件の顧客番号が見つかりません。一括反映は作成されず、引当もありません。positions(0始まり)の項目を修正してください。`,
      },
      extra: { positions: positions.slice(0, 100) },
    });
  }
}

export class ControlTotalDiffers extends DomainError {
  constructor(totalJpy: bigint, controlTotalJpy: bigint) {
    const differenceJpy = (controlTotalJpy - totalJpy).toString();
    super({
      code: 'control_total_differs',
      status: 422,
      title: { en: 'The control total differs', ja: '照合合計が一致しません' },
      detail: {
        en: `The control total is ${differenceJpy} JPY away from the sum of the batch, ${totalJpy} JPY. Nothing was submitted; the draft and its reservation stay. Compare the finance paper with the preview.`,
        ja: `照合合計と一括反映の合計 ${totalJpy} 円との差は ${differenceJpy} 円です。依頼は行われず、下書きと引当は保持されています。財務資料と事前確認を照合してください。`,
      },
      extra: { totalJpy: totalJpy.toString(), controlTotalJpy: controlTotalJpy.toString(), differenceJpy },
    });
  }
}

export class PostingDatePassed extends DomainError {
  constructor(postingDate: string, today: string) {
    super({
      code: 'posting_date_passed',
      status: 422,
      title: { en: 'The posting date has passed', ja: '反映日を過ぎています' },
      detail: {
        en: `The posting date ${postingDate} is before today, ${today} in Japan. Nothing was done. Give today or a later date as postingDate.`,
        ja: `反映日 ${postingDate} は本日(${today})より前です。何も実行されていません。postingDate に本日以降の日付を指定してください。`,
      },
      extra: { postingDate, today },
    });
  }
}

export class BeginsAfterPostingDate extends DomainError {
  constructor(postingDate: string) {
    super({
      code: 'begins_after_posting_date',
      status: 422,
      title: { en: 'It would begin after its posting date', ja: '開始時刻が反映日より後です' },
      detail: {
        en: `notBefore lies after the posting date ${postingDate} (Japanese time), so the batch could never begin. Nothing was done. Correct one of the two.`,
        ja: `notBefore が反映日 ${postingDate}(日本時間)より後のため、開始できません。何も実行されていません。いずれかを修正してください。`,
      },
      extra: { postingDate },
    });
  }
}

export class ReleaseNotNeeded extends DomainError {
  constructor() {
    super({
      code: 'release_not_needed',
      status: 409,
      title: { en: 'It needs no signatures', ja: '署名は不要です' },
      detail: {
        en: 'The amount of this batch needs no second checker, so no keys sign it. Nothing was done; it begins at its time.',
        ja: 'この一括反映の金額では二人目の承認者も署名も不要です。何も実行されていません。開始時刻に自動で実行されます。',
      },
    });
  }
}

export class ReleaseStatementStands extends DomainError {
  constructor(expiresAt: Date) {
    super({
      code: 'release_statement_stands',
      status: 409,
      title: { en: 'The statement is still valid', ja: '文書は有効期限内です' },
      detail: {
        en: 'There is a statement that has not expired, and its signatures count. No other was made. Sign that one.',
        ja: '有効期限内の文書があり、その署名は有効です。新しい文書は作成されていません。既存の文書に署名してください。',
      },
      extra: { expiresAt: expiresAt.toISOString() },
    });
  }
}
