import { DomainError } from '../platform/problem/domain-error.js';

export class ReleaseKeyNotFound extends DomainError {
  constructor() {
    super({
      code: 'release_key_not_found',
      status: 404,
      title: { en: 'Release key not found', ja: '署名鍵が見つかりません' },
      detail: {
        en: 'There is no such release key. Nothing was done. Look it up in GET /v1/release-keys.',
        ja: 'この署名鍵は登録されていません。何も実行されていません。署名鍵の一覧で確認してください。',
      },
    });
  }
}

export class ReleaseKeyUnusable extends DomainError {
  constructor() {
    super({
      code: 'release_key_unusable',
      status: 422,
      title: { en: 'This is no usable Ed25519 public key', ja: 'Ed25519の公開鍵として使用できません' },
      detail: {
        en: 'The text does not stand for a public key under which only its keeper can sign. Nothing was registered. Send publicKey as npm run release:keygen printed it.',
        ja: '鍵の保管者だけが署名できる公開鍵ではありません。何も登録されていません。npm run release:keygen の出力した publicKey をそのまま送ってください。',
      },
    });
  }
}

export class ReleaseKeyKnown extends DomainError {
  constructor() {
    super({
      code: 'release_key_known',
      status: 409,
      title: { en: 'This key is known already', ja: '登録済みまたは登録依頼中の鍵です' },
      detail: {
        en: 'The public key is proposed, registered or revoked. Nothing was added. A revoked key never comes back: make another with npm run release:keygen.',
        ja: 'この公開鍵は登録依頼中、登録済み、または失効済みです。何も追加されていません。失効した鍵は再登録できません。新しい鍵を作成してください。',
      },
    });
  }
}

export class ReleaseKeyNotActive extends DomainError {
  constructor(status: string) {
    super({
      code: 'release_key_not_active',
      status: 409,
      title: { en: 'The key is not active', ja: '有効な署名鍵ではありません' },
      detail: {
        en: `The key is ${status}, so there is nothing to revoke. Nothing was done.`,
        ja: `この署名鍵は有効ではないため(${status})、失効できません。何も実行されていません。`,
      },
      extra: { currentStatus: status },
    });
  }
}

export class ReleaseRuleNotFound extends DomainError {
  constructor() {
    super({
      code: 'release_rule_not_found',
      status: 404,
      title: { en: 'Release rule not found', ja: '署名規則が見つかりません' },
      detail: {
        en: 'There is no such release rule. Nothing was done. Look it up in GET /v1/release-rules.',
        ja: 'この署名規則は存在しません。何も実行されていません。署名規則の一覧で確認してください。',
      },
    });
  }
}

export class ReleaseRuleUnchanged extends DomainError {
  constructor() {
    super({
      code: 'release_rule_unchanged',
      status: 422,
      title: { en: 'This is the present rule', ja: '現在の署名規則と同じです' },
      detail: {
        en: 'The present rule asks for exactly this. Nothing was proposed.',
        ja: '現在の署名規則と同じ内容です。何も依頼されていません。',
      },
    });
  }
}

export class ReleaseStatementNotFound extends DomainError {
  constructor() {
    super({
      code: 'release_statement_not_found',
      status: 404,
      title: { en: 'There is no statement to sign', ja: '署名対象の文書がありません' },
      detail: {
        en: 'Nothing about this needs the signatures of several keys, or not yet. Nothing was done.',
        ja: '複数の鍵による署名は不要か、まだ準備されていません。何も実行されていません。',
      },
    });
  }
}

export class ReleaseStatementOther extends DomainError {
  constructor(sha256: string) {
    super({
      code: 'release_statement_other',
      status: 409,
      title: { en: 'The signature is about another statement', ja: '別の文書に対する署名です' },
      detail: {
        en: 'What was signed is not the statement that waits for signatures here. The signature was not recorded. Fetch statement.json anew, look at it and sign it.',
        ja: '署名された文書は、ここで署名を待つ文書ではありません。署名は記録されていません。statement.json を取得し直し、内容を確認して署名してください。',
      },
      extra: { sha256 },
    });
  }
}

export class ReleaseStatementExpired extends DomainError {
  constructor(expiredAt: Date) {
    super({
      code: 'release_statement_expired',
      status: 409,
      title: { en: 'The statement has expired', ja: '文書の有効期限が切れています' },
      detail: {
        en: 'The signature was not recorded. Have the statement made anew; all keys sign again.',
        ja: '署名は記録されていません。文書を作成し直し、すべての鍵で改めて署名してください。',
      },
      extra: { expiredAt: expiredAt.toISOString() },
    });
  }
}

export class ReleaseKeyDoesNotCount extends DomainError {
  constructor(status: string, countsFrom: Date | null) {
    super({
      code: 'release_key_does_not_count',
      status: 409,
      title: { en: 'This key does not count', ja: 'この鍵の署名は有効ではありません' },
      detail: {
        en: 'The key is not registered, still waits, or is revoked. The signature was not recorded. Sign with another key, or wait until countsFrom.',
        ja: 'この鍵は未登録、待機期間中、または失効済みです。署名は記録されていません。別の鍵で署名するか、countsFrom までお待ちください。',
      },
      extra: { keyStatus: status, countsFrom: countsFrom?.toISOString() ?? null },
    });
  }
}

export class ReleaseSignatureWrong extends DomainError {
  constructor() {
    super({
      code: 'release_signature_wrong',
      status: 422,
      title: { en: 'The signature is wrong', ja: '署名が正しくありません' },
      detail: {
        en: 'It is not a signature of this key over this statement. It was not recorded. Sign statement.json as it was fetched, unchanged.',
        ja: 'この鍵によるこの文書への署名ではありません。記録されていません。取得した statement.json を変更せずに署名してください。',
      },
    });
  }
}

export class ReleaseSignedAlready extends DomainError {
  constructor() {
    super({
      code: 'release_signed_already',
      status: 409,
      title: { en: 'This key has signed already', ja: 'この鍵は署名済みです' },
      detail: {
        en: 'A key counts once. Nothing was added; its earlier signature stands.',
        ja: '1つの鍵の署名は1回だけ有効です。追加されていません。以前の署名が有効です。',
      },
    });
  }
}

export class ReleaseSignaturesMissing extends DomainError {
  constructor(missing: number) {
    super({
      code: 'release_signatures_missing',
      status: 409,
      title: { en: 'Signatures are missing', ja: '署名が不足しています' },
      detail: {
        en: `A weaker rule also needs the signatures of the present one; ${missing} are missing. Your decision was not recorded. Decide again when they are there.`,
        ja: `規則を緩和するには現在の規則による署名が必要です(不足 ${missing} 件)。今回の判断は記録されていません。署名が揃ってから改めて判断してください。`,
      },
      extra: { missing },
    });
  }
}
