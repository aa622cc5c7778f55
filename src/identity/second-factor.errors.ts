import { DomainError } from '../platform/problem/domain-error.js';
import type { Freshness } from './permissions.js';

/** One answer for a wrong, a used and a foreign code, key or signature. */
export class SecondFactorRefused extends DomainError {
  constructor() {
    super({
      code: 'second_factor_refused',
      status: 401,
      title: { en: 'The second factor was not accepted', ja: '2要素目を確認できません' },
      detail: {
        en: 'It is wrong, too old, or was used before. Nothing was done. Each code works once: wait for the next one and try again.',
        ja: '誤っているか、期限切れ、または使用済みです。何も実行されていません。コードは一度しか使えません。次のコードで再度お試しください。',
      },
    });
  }
}

export class ChallengeOver extends DomainError {
  constructor() {
    super({
      code: 'challenge_over',
      status: 401,
      title: { en: 'This challenge is over', ja: 'この認証要求は終了しています' },
      detail: {
        en: 'It was answered, is older than ten minutes, or was tried five times. Nothing was done. Begin again.',
        ja: '回答済みか、10分を過ぎたか、5回試行されました。何も実行されていません。最初からやり直してください。',
      },
    });
  }
}

export class StepUpRequired extends DomainError {
  constructor(fresh: Freshness, withinSeconds: number) {
    super({
      code: 'step_up_required',
      status: 403,
      title: { en: 'Prove your second factor again', ja: '2要素目の再確認が必要です' },
      detail: {
        en: 'Nothing was done. Prove your second factor with POST /v1/auth/step-up, then send the same request again.',
        ja: '何も実行されていません。POST /v1/auth/step-up で2要素目を確認し、同じ要求を再送してください。',
      },
      extra: { fresh, provenWithinSeconds: withinSeconds, stepUp: 'POST /v1/auth/step-up' },
    });
  }
}

export class PasskeyKnown extends DomainError {
  constructor() {
    super({
      code: 'passkey_known',
      status: 409,
      title: { en: 'This key is enrolled already', ja: 'このキーは登録済みです' },
      detail: {
        en: 'A key belongs to one account, once. Nothing was done. Use another key.',
        ja: 'キーは一つのアカウントに一度だけ登録できます。何も実行されていません。別のキーを使用してください。',
      },
    });
  }
}

export class LastFactorStays extends DomainError {
  constructor() {
    super({
      code: 'last_factor_stays',
      status: 409,
      title: { en: 'This is your last second factor', ja: '最後の2要素目です' },
      detail: {
        en: 'Nothing was done. Enrol another passkey or authenticator app first; recovery codes alone are not enough.',
        ja: '何も実行されていません。先に別のパスキーまたは認証アプリを登録してください。リカバリーコードだけでは不十分です。',
      },
    });
  }
}

export class FactorNotFound extends DomainError {
  constructor() {
    super({
      code: 'factor_not_found',
      status: 404,
      title: { en: 'You have no such second factor', ja: 'この2要素目は登録されていません' },
      detail: {
        en: 'It was removed, or is not yours. Nothing was done. Look it up in GET /v1/auth/factors.',
        ja: '削除済みか、ご自身のものではありません。何も実行されていません。GET /v1/auth/factors で確認してください。',
      },
    });
  }
}
