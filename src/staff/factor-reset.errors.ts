import { DomainError } from '../platform/problem/domain-error.js';

export class EnrolmentCannotBeMailed extends DomainError {
  constructor() {
    super({
      code: 'enrolment_cannot_be_mailed',
      status: 409,
      title: { en: 'The person cannot be reached by mail', ja: '本人にメールを送信できません' },
      detail: {
        en: 'The account has no mail address, or no mail server is set up. Nothing was done. Enter the address first, with PATCH /v1/staff/{id}.',
        ja: 'アカウントにメールアドレスが登録されていないか、メールサーバーが設定されていません。何も実行されていません。先に PATCH /v1/staff/{id} でメールアドレスを登録してください。',
      },
    });
  }
}

export class StaffNotActive extends DomainError {
  constructor() {
    super({
      code: 'staff_not_active',
      status: 409,
      title: { en: 'This account is not in use', ja: 'このアカウントは有効ではありません' },
      detail: {
        en: 'It is disabled, or the last day of its owner is over. Nothing was done. Change that first.',
        ja: '無効化されているか、最終勤務日を過ぎています。何も実行されていません。先にアカウントの状態を変更してください。',
      },
    });
  }
}

export class FactorResetAsked extends DomainError {
  constructor() {
    super({
      code: 'factor_reset_asked',
      status: 409,
      title: { en: 'A reset is asked for already', ja: '再設定は依頼済みです' },
      detail: {
        en: 'A reset of this account waits for a second person. Nothing was done. Ask them to decide it.',
        ja: 'このアカウントの再設定は承認待ちです。何も実行されていません。承認者に判断を依頼してください。',
      },
    });
  }
}
