import { DomainError } from '../platform/problem/domain-error.js';

export class ObjectionNotFound extends DomainError {
  constructor() {
    super({
      code: 'objection_not_found',
      status: 404,
      title: { en: 'Objection not found', ja: '申出が見つかりません' },
      detail: {
        en: 'There is no such objection, or it is not one that you may open. Nothing was done. Ask a colleague.',
        ja: 'この申出は存在しないか、閲覧できません。何も実行されていません。同僚に依頼してください。',
      },
    });
  }
}

export class ObjectionAlreadyOpen extends DomainError {
  constructor(objectionNo: string) {
    super({
      code: 'objection_already_open',
      status: 409,
      title: { en: 'An objection is open already', ja: '受付中の申出があります' },
      detail: {
        en: `Objection ${objectionNo} of this holder is being looked into. No further one was taken down. Add to it by a note.`,
        ja: `この保有者の申出 ${objectionNo} を確認中です。新しい申出は受け付けていません。追加の内容は応対メモに記録してください。`,
      },
      extra: { objectionNo },
    });
  }
}

export class ObjectionClosed extends DomainError {
  constructor(outcome: string) {
    super({
      code: 'objection_closed',
      status: 409,
      title: { en: 'The objection is closed', ja: '終了した申出です' },
      detail: {
        en: 'Its outcome stands; this one was not recorded. If the holder objects again, take down a new objection.',
        ja: 'すでに結果が記録されているため、今回の内容は記録されていません。再度の申出は新しい申出として受け付けてください。',
      },
      extra: { outcome },
    });
  }
}

export class ObjectionOfOwnHand extends DomainError {
  constructor() {
    super({
      code: 'objection_of_own_hand',
      status: 403,
      title: { en: 'You took this objection down yourself', ja: 'ご自身が受け付けた申出です' },
      detail: {
        en: 'Whoever took it down does not close it. Nothing was recorded. Leave it to another claims officer.',
        ja: '受け付けた本人は結果を記録できません。何も記録されていません。別の補償担当に依頼してください。',
      },
    });
  }
}
