import { DomainError } from '../platform/problem/domain-error.js';

export class RevealCapReached extends DomainError {
  constructor(mostPerHour: number) {
    super({
      code: 'reveal_cap_reached',
      status: 429,
      title: { en: 'Too many reveals', ja: 'マスク解除の上限に達しました' },
      detail: {
        en: `You have revealed ${mostPerHour} times within an hour. Nothing was shown. Wait, or ask your team lead.`,
        ja: `1時間の上限(${mostPerHour} 件)に達しました。何も表示されていません。時間をおくか、SVに相談してください。`,
      },
      extra: { mostPerHour, retryAfterSeconds: 600 },
    });
  }
}
