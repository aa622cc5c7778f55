import { DomainError, type Problem } from './domain-error.js';

/** Problems of the protocol itself, by HTTP status; nothing has been done when one of these is answered. */
export const PROTOCOL_PROBLEMS: Readonly<Record<number, Problem>> = {
  400: {
    code: 'malformed_request',
    status: 400,
    title: { en: 'The request cannot be read', ja: 'リクエストを読み取れません' },
    detail: {
      en: 'The request is not well formed. Nothing was done. Correct it and send it again.',
      ja: 'リクエストの形式が正しくありません。何も実行されていません。修正して再送してください。',
    },
  },
  401: {
    code: 'unauthenticated',
    status: 401,
    title: { en: 'Not signed in', ja: 'サインインしていません' },
    detail: {
      en: 'There is no valid access token. Nothing was done. Sign in and try again.',
      ja: '有効なアクセストークンがありません。何も実行されていません。サインインしてから再度お試しください。',
    },
  },
  403: {
    code: 'forbidden',
    status: 403,
    title: { en: 'Your role may not do this', ja: 'この役割では実行できません' },
    detail: {
      en: 'Nothing was done. Ask a colleague whose role allows it.',
      ja: '何も実行されていません。権限のある担当者に依頼してください。',
    },
  },
  404: {
    code: 'not_found',
    status: 404,
    title: { en: 'Not found', ja: '見つかりません' },
    detail: {
      en: 'There is nothing at this address. Nothing was done.',
      ja: 'この場所には何もありません。何も実行されていません。',
    },
  },
  405: {
    code: 'method_not_allowed',
    status: 405,
    title: { en: 'Method not allowed', ja: '許可されていないメソッドです' },
    detail: {
      en: 'This address does not answer that method. Nothing was done.',
      ja: 'このメソッドには対応していません。何も実行されていません。',
    },
  },
  413: {
    code: 'body_too_large',
    status: 413,
    title: { en: 'The body is too large', ja: '本文が大きすぎます' },
    detail: {
      en: 'The body exceeds the limit of this route. Nothing was done. Send less at once.',
      ja: '本文が上限を超えています。何も実行されていません。分割して送信してください。',
    },
  },
  414: {
    code: 'address_too_long',
    status: 414,
    title: { en: 'The address is too long', ja: 'アドレスが長すぎます' },
    detail: {
      en: 'No number or name in an address here is that long. Nothing was done. Correct it and try again.',
      ja: 'アドレスに含まれる番号または名称が長すぎます。何も実行されていません。修正して再度お試しください。',
    },
  },
  415: {
    code: 'unsupported_media_type',
    status: 415,
    title: { en: 'This content type is not accepted', ja: 'この形式は受け付けられません' },
    detail: {
      en: 'Send application/json, or multipart/form-data where a file is expected. Nothing was done.',
      ja: 'application/json、ファイルの場合は multipart/form-data で送信してください。何も実行されていません。',
    },
  },
  503: {
    code: 'temporarily_unavailable',
    status: 503,
    title: { en: 'Temporarily unavailable', ja: '一時的に利用できません' },
    detail: {
      en: 'The database does not answer in time. Nothing is half done. Try again in a few seconds with the same Idempotency-Key.',
      ja: 'データベースが応答していません。処理が途中で残ることはありません。数秒後に同じ Idempotency-Key で再度お試しください。',
    },
  },
};

/** Says nothing but that it happened: the cause is in the log under the request id. */
export const INTERNAL_ERROR: Problem = {
  code: 'internal_error',
  status: 500,
  title: { en: 'Internal error', ja: '内部エラー' },
  detail: {
    en: 'Something went wrong here. Report the request id.',
    ja: '内部でエラーが発生しました。リクエストIDをお知らせください。',
  },
};

export class ValidationFailed extends DomainError {
  constructor(errors: readonly { readonly path: string; readonly message: string }[]) {
    super({
      code: 'validation_failed',
      status: 400,
      title: { en: 'Some fields are wrong', ja: '入力内容に誤りがあります' },
      detail: {
        en: 'Nothing was done. Correct the fields listed in errors and send the request again.',
        ja: '何も実行されていません。errors に示された項目を修正して再送してください。',
      },
      extra: { errors: errors.map(({ path, message }) => ({ path, message })) },
    });
  }
}

export class JsonTooDeep extends DomainError {
  constructor(limit: number) {
    super({
      code: 'json_too_deep',
      status: 400,
      title: { en: 'The JSON is nested too deeply', ja: 'JSON の入れ子が深すぎます' },
      detail: {
        en: `More than ${limit} levels are not accepted. Nothing was done.`,
        ja: `${limit} 段を超える入れ子は受け付けられません。何も実行されていません。`,
      },
    });
  }
}

export class HalfCharacter extends DomainError {
  constructor() {
    super({
      code: 'half_character',
      status: 400,
      title: { en: 'A text contains half a character', ja: '不完全な文字が含まれています' },
      detail: {
        en: 'A surrogate such as \\ud800 stands alone and means no character. Nothing was done. Remove it and send the request again.',
        ja: '\\ud800 のような単独のサロゲートは文字を表しません。何も実行されていません。取り除いて再送してください。',
      },
    });
  }
}

export class NulCharacter extends DomainError {
  constructor() {
    super({
      code: 'nul_character',
      status: 400,
      title: { en: 'A text contains the NUL character', ja: 'NUL 文字が含まれています' },
      detail: {
        en: 'No text here can hold the character U+0000. Nothing was done. Remove it and send the request again.',
        ja: '文字 U+0000 は使用できません。何も実行されていません。取り除いて再送してください。',
      },
    });
  }
}

export class RepeatedParameter extends DomainError {
  constructor(name: string) {
    super({
      code: 'repeated_parameter',
      status: 400,
      title: { en: 'A parameter is given twice', ja: 'パラメーターが重複しています' },
      detail: {
        en: `The query parameter ${name} may be given once. Nothing was done.`,
        ja: `クエリパラメーター ${name} は一度だけ指定できます。何も実行されていません。`,
      },
    });
  }
}

/** A guard of the database said no where the services let it through: the last line held. */
export class RefusedByGuard extends DomainError {
  constructor(guard: string) {
    super({
      code: 'refused_by_guard',
      status: 409,
      title: { en: 'Refused by the database', ja: 'データベースにより拒否されました' },
      detail: {
        en: `The rule ${guard} does not allow this. Nothing was done. Read the current state again before you decide what to do.`,
        ja: `規則 ${guard} により拒否されました。何も実行されていません。最新の状態を確認してから操作してください。`,
      },
      extra: { guard },
    });
  }
}
