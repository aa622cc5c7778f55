import { DomainError } from '../platform/problem/domain-error.js';

/** One answer for a wrong code, an old one, a used one, one tried too often, and one that was never mailed. */
export class CodeRefused extends DomainError {
  constructor() {
    super({
      code: 'code_refused',
      status: 401,
      title: { en: 'The code was not accepted', ja: '認証コードを確認できません' },
      detail: {
        en: 'You are not signed in. A code works once, for 10 minutes and for 5 tries. Check the newest mail or ask for another code.',
        ja: 'ログインしていません。認証コードは1回のみ、10分以内、5回までの入力で有効です。最新のメールをご確認いただくか、認証コードを再度お求めください。',
      },
    });
  }
}

/** Counts what was asked, not whose address it was: it says nothing about anybody. */
export class TooManyTries extends DomainError {
  constructor(retryAfterSeconds: number) {
    super({
      code: 'too_many_sign_ins',
      status: 429,
      title: { en: 'Too many tries', ja: '試行回数が多すぎます' },
      detail: {
        en: `Nothing was sent or looked at. Wait ${retryAfterSeconds} seconds and try again.`,
        ja: `送信も照合も行われていません。${retryAfterSeconds} 秒後に再度お試しください。`,
      },
      extra: { retryAfterSeconds },
    });
  }
}

export class MailSignInNotOffered extends DomainError {
  constructor() {
    super({
      code: 'mail_sign_in_not_offered',
      status: 503,
      title: { en: 'Sign-in by mail is not available', ja: 'メールによるログインはご利用いただけません' },
      detail: {
        en: 'No mail can be sent at present. Nothing was done. Try again later or call us.',
        ja: '現在メールを送信できません。何も実行されていません。しばらくしてから再度お試しいただくか、お電話でお問い合わせください。',
      },
    });
  }
}

export class CustomerSessionEnded extends DomainError {
  constructor() {
    super({
      code: 'session_ended',
      status: 401,
      title: { en: 'You are signed out', ja: 'ログアウトしています' },
      detail: {
        en: 'This refresh token is used up, expired or ended. Sign in again.',
        ja: 'このリフレッシュトークンは使用済みか、期限切れ、または終了しています。再度ログインしてください。',
      },
    });
  }
}
