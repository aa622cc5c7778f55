import { DomainError } from '../problem/domain-error.js';

export class IdempotencyKeyRequired extends DomainError {
  constructor() {
    super({
      code: 'idempotency_key_required',
      status: 400,
      title: { en: 'Idempotency-Key is missing', ja: 'Idempotency-Key がありません' },
      detail: {
        en: 'This moves money or decides, so send a header Idempotency-Key of 1 to 255 printable characters, made before the first try and kept for retries. Nothing was done.',
        ja: '資金の移動または判断を伴うため、Idempotency-Key ヘッダー(1〜255文字の印字可能文字)が必要です。初回の前に作成し、再試行でも同じ値を使ってください。何も実行されていません。',
      },
    });
  }
}

export class IdempotencyKeyReused extends DomainError {
  constructor() {
    super({
      code: 'idempotency_key_reused',
      status: 422,
      title: { en: 'This key belongs to another request', ja: 'このキーは別のリクエストで使用済みです' },
      detail: {
        en: 'The same Idempotency-Key came before with other content. What that first request did stands; this one did nothing. Use a new key for a new request.',
        ja: '同じ Idempotency-Key が別の内容で使用されています。最初のリクエストの結果は有効で、今回は何も実行されていません。新しいリクエストには新しいキーを使ってください。',
      },
    });
  }
}

export class IdempotencyKeyInFlight extends DomainError {
  constructor() {
    super({
      code: 'idempotency_key_in_flight',
      status: 409,
      title: { en: 'The first request is still running', ja: '最初のリクエストを処理中です' },
      detail: {
        en: 'A request with this Idempotency-Key is being worked on. This one did nothing. Ask again with the same key in a moment to get its answer.',
        ja: '同じ Idempotency-Key のリクエストを処理中です。今回は何も実行されていません。少し待ってから同じキーで再送すると結果が得られます。',
      },
    });
  }
}
