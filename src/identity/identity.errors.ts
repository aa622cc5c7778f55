import { DomainError } from '../platform/problem/domain-error.js';
import type { PasswordFlaw } from './password.rules.js';
import { ROLE_NAMES, ROLES } from './role.js';

export class Forbidden extends DomainError {
  constructor(roles: readonly string[]) {
    const names = ROLES.filter((role) => roles.includes(role)).map((role) => ROLE_NAMES[role]);
    super({
      code: 'forbidden',
      status: 403,
      title: { en: 'Your role may not do this', ja: 'この役割では実行できません' },
      detail: {
        en: `Nothing was done. This is for: ${names.map(({ en }) => en).join(', ')}.`,
        ja: `何も実行されていません。実行できる役割: ${names.map(({ ja }) => ja).join('、')}。`,
      },
      extra: { roles },
    });
  }
}

/** One answer for an unknown login, a wrong password and a disabled account: it must not tell which. */
export class SignInRefused extends DomainError {
  constructor() {
    super({
      code: 'sign_in_refused',
      status: 401,
      title: { en: 'Sign-in refused', ja: 'サインインできません' },
      detail: {
        en: 'Login or password is wrong, or the account is not active. Try again or ask an administrator.',
        ja: 'ログイン名またはパスワードが正しくないか、アカウントが有効ではありません。再度お試しいただくか、管理者に連絡してください。',
      },
    });
  }
}

export class TooManySignIns extends DomainError {
  constructor(retryAfterSeconds: number) {
    super({
      code: 'too_many_sign_ins',
      status: 429,
      title: { en: 'Too many tries', ja: '試行回数が多すぎます' },
      detail: {
        en: `The password was not looked at. Wait ${retryAfterSeconds} seconds and try again. The account itself is not locked.`,
        ja: `パスワードは照合されていません。${retryAfterSeconds} 秒待ってから再度お試しください。アカウントはロックされていません。`,
      },
      extra: { retryAfterSeconds },
    });
  }
}

export class SessionEnded extends DomainError {
  constructor() {
    super({
      code: 'session_ended',
      status: 401,
      title: { en: 'The session has ended', ja: 'セッションは終了しています' },
      detail: {
        en: 'This refresh token is used up, expired or ended. Sign in again.',
        ja: 'このリフレッシュトークンは使用済みか、期限切れ、または終了しています。再度サインインしてください。',
      },
    });
  }
}

export class SessionNotFound extends DomainError {
  constructor() {
    super({
      code: 'session_not_found',
      status: 404,
      title: { en: 'No such session', ja: 'セッションが見つかりません' },
      detail: {
        en: 'You have no such session, or it has ended. Nothing was done. Look at the list of your sessions.',
        ja: '該当するセッションはないか、終了しています。何も実行されていません。セッションの一覧を確認してください。',
      },
    });
  }
}

export class ActivationRefused extends DomainError {
  constructor() {
    super({
      code: 'activation_refused',
      status: 401,
      title: { en: 'The activation token is not valid', ja: '有効化トークンが無効です' },
      detail: {
        en: 'It is wrong, used or expired. Nothing was changed. Ask an administrator for a new one.',
        ja: '誤っているか、使用済みまたは期限切れです。変更されていません。管理者に再発行を依頼してください。',
      },
    });
  }
}

const FLAWS: Readonly<Record<PasswordFlaw, { en: string; ja: string }>> = {
  too_short: { en: 'It has fewer than 8 characters.', ja: '8文字未満です。' },
  says_login_or_product: {
    en: 'It says the login or the product, and too little beside it.',
    ja: 'ログイン名または製品名を含み、それ以外の文字が足りません。',
  },
  too_few_different_characters: {
    en: 'It repeats too few different characters.',
    ja: '使われている文字の種類が少なすぎます。',
  },
  too_common: {
    en: 'It is one of the passwords that are tried first.',
    ja: '最初に試されるような、よく使われるパスワードです。',
  },
};

export class PasswordTooWeak extends DomainError {
  constructor(flaw: PasswordFlaw) {
    super({
      code: 'password_too_weak',
      status: 400,
      title: { en: 'This password is too easy to guess', ja: '推測されやすいパスワードです' },
      detail: {
        en: `${FLAWS[flaw].en} Nothing was changed; the activation token still works. 15 characters or more are recommended.`,
        ja: `${FLAWS[flaw].ja}変更されておらず、有効化トークンは引き続き使えます。15文字以上を推奨します。`,
      },
      extra: { flaw },
    });
  }
}

export class StaffNotFound extends DomainError {
  constructor() {
    super({
      code: 'staff_not_found',
      status: 404,
      title: { en: 'No such account', ja: 'アカウントが見つかりません' },
      detail: {
        en: 'There is no such staff account. Nothing was done.',
        ja: '該当する職員アカウントはありません。何も実行されていません。',
      },
    });
  }
}

export class LoginTaken extends DomainError {
  constructor() {
    super({
      code: 'login_taken',
      status: 409,
      title: { en: 'The login is taken', ja: 'ログイン名は使用済みです' },
      detail: {
        en: 'Another account has this login. Nothing was done. If the account is yours to hand over and its token was lost, start a reset.',
        ja: '同じログイン名のアカウントがあります。何も実行されていません。有効化トークンを紛失した場合は再設定を開始してください。',
      },
    });
  }
}

export class OidcSubjectTaken extends DomainError {
  constructor() {
    super({
      code: 'oidc_subject_taken',
      status: 409,
      title: { en: 'This subject belongs to another account', ja: 'この識別子は別のアカウントで使用済みです' },
      detail: {
        en: "The identity provider's subject is linked with another account. Nothing was done. Unlink that one first.",
        ja: '認証サービスの識別子は別のアカウントに紐付いています。何も実行されていません。先にそのアカウントの紐付けを解除してください。',
      },
    });
  }
}

export class CustomerNoTaken extends DomainError {
  constructor() {
    super({
      code: 'customer_no_taken',
      status: 409,
      title: { en: 'The customer number belongs to another account', ja: '顧客番号は別のアカウントに登録済みです' },
      detail: {
        en: 'One person has one account, so a customer number is entered once. Nothing was done.',
        ja: '一人につき一つのアカウントのため、顧客番号は一度しか登録できません。何も実行されていません。',
      },
    });
  }
}

export class OwnAccount extends DomainError {
  constructor() {
    super({
      code: 'own_account',
      status: 403,
      title: { en: 'Not your own account', ja: '自身のアカウントは変更できません' },
      detail: {
        en: 'Nobody changes their own role, status, customer number or password here. Nothing was done. Ask another administrator.',
        ja: '自身の役割・状態・顧客番号・パスワードはここでは変更できません。何も実行されていません。別の管理者に依頼してください。',
      },
    });
  }
}

export class AdministratorExists extends DomainError {
  constructor() {
    super({
      code: 'administrator_exists',
      status: 409,
      title: { en: 'There are two administrators already', ja: '管理者はすでに2名います' },
      detail: {
        en: 'There are two administrators already, so nothing was done. They make further accounts through POST /v1/staff.',
        ja: '管理者がすでに2名いるため、何も実行されていません。以降のアカウントは管理者が POST /v1/staff で作成してください。',
      },
    });
  }
}
