import { DomainError } from '../platform/problem/domain-error.js';

/** One answer for whatever does not fit, and for people whom the provider knows and we do not: it must not tell which. */
export class OidcRefused extends DomainError {
  constructor() {
    super({
      code: 'oidc_refused',
      status: 401,
      title: { en: 'The sign-in was not accepted', ja: 'ログインを確認できません' },
      detail: {
        en: 'You are not signed in. A sign-in is good once, for 10 minutes, in the window where it was begun. Begin again or call us.',
        ja: 'ログインしていません。ログインの手続きは、開始した画面で10分以内に1回のみ有効です。最初からやり直していただくか、お電話でお問い合わせください。',
      },
    });
  }
}

export class OidcUnavailable extends DomainError {
  constructor() {
    super({
      code: 'oidc_unavailable',
      status: 503,
      title: { en: 'The sign-in service does not answer', ja: 'ログインサービスが応答しません' },
      detail: {
        en: 'You are not signed in. Begin again in a few minutes or sign in another way.',
        ja: 'ログインしていません。数分後に最初からやり直していただくか、別の方法でログインしてください。',
      },
    });
  }
}

export class OidcNotOffered extends DomainError {
  constructor() {
    super({
      code: 'oidc_not_offered',
      status: 503,
      title: { en: 'This way of signing in is not available', ja: 'このログイン方法はご利用いただけません' },
      detail: {
        en: 'No identity provider is set up here. Nothing was done. Sign in another way.',
        ja: '認証サービスが設定されていません。何も実行されていません。別の方法でログインしてください。',
      },
    });
  }
}
