import { DomainError } from '../platform/problem/domain-error.js';

export class ApprovalRequestNotFound extends DomainError {
  constructor() {
    super({
      code: 'approval_request_not_found',
      status: 404,
      title: { en: 'Approval request not found', ja: '承認依頼が見つかりません' },
      detail: {
        en: 'There is no such approval request. Nothing was done. Look it up in GET /v1/approval-requests.',
        ja: 'この承認依頼は存在しません。何も実行されていません。承認依頼の一覧で確認してください。',
      },
    });
  }
}

export class ApprovalRequestClosed extends DomainError {
  constructor(status: string) {
    super({
      code: 'approval_request_closed',
      status: 409,
      title: { en: 'Already decided', ja: '判断済みの承認依頼です' },
      detail: {
        en: `This request is already ${status}. Your decision was not recorded. If it is still needed, the maker has to ask again.`,
        ja: `この承認依頼はすでに終了しています(${status})。今回の判断は記録されていません。必要な場合は作成者が再度依頼してください。`,
      },
      extra: { currentStatus: status },
    });
  }
}

export class ApprovalRequestExpired extends DomainError {
  constructor(expiredAt: Date) {
    super({
      code: 'approval_request_expired',
      status: 409,
      title: { en: 'The request has expired', ja: '承認依頼の期限が切れています' },
      detail: {
        en: 'Nobody decided in time. Your decision was not recorded; the draft and its reservation are kept, and the maker can submit it again in one step.',
        ja: '期限内に判断されませんでした。今回の判断は記録されていません。下書きと引当は保持されており、作成者は一度の操作で再依頼できます。',
      },
      extra: { expiredAt: expiredAt.toISOString() },
    });
  }
}

export class MakerCannotCheck extends DomainError {
  constructor() {
    super({
      code: 'maker_cannot_check',
      status: 403,
      title: { en: 'The maker cannot be the checker', ja: '作成者は承認者になれません' },
      detail: {
        en: 'You made this request, so another person has to decide it. Nothing was recorded.',
        ja: 'この承認依頼はご自身が作成したものです。別の担当者が判断してください。何も記録されていません。',
      },
    });
  }
}

export class CheckerAlreadyDecided extends DomainError {
  constructor() {
    super({
      code: 'checker_already_decided',
      status: 409,
      title: { en: 'You have already decided', ja: 'すでに判断済みです' },
      detail: {
        en: 'Your earlier decision on this request stands. A second checker has to be another person.',
        ja: 'この承認依頼への以前の判断が有効です。二人目の承認者は別の担当者である必要があります。',
      },
    });
  }
}

export class RoleMayNotDecide extends DomainError {
  constructor(subjectType: string, roles: readonly string[]) {
    super({
      code: 'role_may_not_decide',
      status: 403,
      title: { en: 'Your role does not decide this', ja: 'この役割では判断できません' },
      detail: {
        en: `Requests of the kind ${subjectType} are made and decided by: ${roles.join(', ')}. Nothing was recorded.`,
        ja: `この種類の承認依頼(${subjectType})を扱えるのは次の役割です: ${roles.join(', ')}。何も記録されていません。`,
      },
    });
  }
}

export class NotAboutOwnMoney extends DomainError {
  constructor() {
    super({
      code: 'not_about_own_money',
      status: 403,
      title: { en: 'Nobody decides about their own money', ja: '自身や親族の補償は扱えません' },
      detail: {
        en: 'This names a customer number of your own or of a declared relative. Nothing was recorded. Hand it to a colleague.',
        ja: 'ご本人または届け出た親族の顧客番号が含まれています。何も記録されていません。別の担当者に引き継いでください。',
      },
    });
  }
}

export class ApprovalAlreadyRequested extends DomainError {
  constructor() {
    super({
      code: 'approval_already_requested',
      status: 409,
      title: { en: 'Already waiting for a checker', ja: 'すでに承認待ちです' },
      detail: {
        en: 'A request for the same thing is still open. Nothing was added. Wait for its decision.',
        ja: '同じ対象の承認依頼が承認待ちです。新しい依頼は作成されていません。判断をお待ちください。',
      },
    });
  }
}

export class ApprovalVoided extends DomainError {
  constructor() {
    super({
      code: 'approval_voided',
      status: 409,
      title: { en: 'What was to be approved has changed', ja: '承認対象の内容が変わりました' },
      detail: {
        en: 'The content is no longer what the maker asked to approve, so the request is void and nothing took effect. The maker has to look at it and ask again.',
        ja: '承認対象が依頼時の内容と異なるため、この承認依頼は無効となり、何も実行されていません。作成者が内容を確認し、再度依頼してください。',
      },
    });
  }
}

export class RefusalNeedsReason extends DomainError {
  constructor() {
    super({
      code: 'refusal_needs_reason',
      status: 400,
      title: { en: 'A refusal needs a reason', ja: '差戻しには理由が必要です' },
      detail: {
        en: 'Say in `reason` what the maker has to change. Nothing was recorded.',
        ja: '作成者が何を直すべきかを reason に記入してください。何も記録されていません。',
      },
    });
  }
}
