import { DomainError } from '../platform/problem/domain-error.js';

export class FactNotFound extends DomainError {
  constructor() {
    super({
      code: 'incident_fact_not_found',
      status: 404,
      title: { en: 'Fact not found', ja: '事実が見つかりません' },
      detail: {
        en: 'There is no such fact on record. Nothing was done. Look it up in GET /v1/incident/facts.',
        ja: 'この事実は記録されていません。何も実行されていません。一覧で確認してください。',
      },
    });
  }
}

export class FactAlreadyRecorded extends DomainError {
  constructor() {
    super({
      code: 'incident_fact_already_recorded',
      status: 409,
      title: { en: 'This fact is on record already', ja: 'この事実は記録済みです' },
      detail: {
        en: 'A fact with this key exists. Nothing was done. Record a correction of it instead.',
        ja: '同じキーの事実が存在します。何も実行されていません。訂正として記録してください。',
      },
    });
  }
}

export class ValueDoesNotFit extends DomainError {
  constructor() {
    super({
      code: 'incident_value_does_not_fit',
      status: 400,
      title: { en: 'The value does not fit its kind and unit', ja: '値が種類・単位に合いません' },
      detail: {
        en: 'An event has the unit instant (2018-01-26T12:57:00+09:00), a promise the unit date (2018-03-12), and no other kind has these; numbers are plain decimals; only words differ between languages; only a promise has doneOn, which is not in the future. Nothing was done.',
        ja: '出来事の単位は instant(2018-01-26T12:57:00+09:00)、約束日の単位は date(2018-03-12)で、ほかの種類では使えません。数値は通常の10進数で、言語により異なるのは文章だけです。doneOn は約束日にのみ、未来でない日を指定できます。何も実行されていません。',
      },
    });
  }
}

export class ChoiceUnexplained extends DomainError {
  constructor() {
    super({
      code: 'incident_choice_unexplained',
      status: 400,
      title: { en: 'Say why this value is used', ja: 'この値を用いる理由が必要です' },
      detail: {
        en: 'There are other values on record, so why is required. Nothing was done.',
        ja: 'ほかの値が記録されるため、why(理由)が必要です。何も実行されていません。',
      },
    });
  }
}

export class AnnouncementRequired extends DomainError {
  constructor() {
    super({
      code: 'incident_announcement_required',
      status: 400,
      title: { en: 'Say in public what was corrected', ja: '訂正の公表文が必要です' },
      detail: {
        en: 'A version of this fact is public, so its correction needs an announcement. Nothing was done.',
        ja: 'この事実は公表済みのため、訂正には announcement(公表文)が必要です。何も実行されていません。',
      },
    });
  }
}

export class VersionOutdated extends DomainError {
  constructor(latest: number) {
    super({
      code: 'incident_version_outdated',
      status: 409,
      title: { en: 'There is a later version', ja: '新しい版が記録されています' },
      detail: {
        en: `The latest version is ${latest}. Nothing was done. Read it and decide again.`,
        ja: `最新の版は ${latest} です。何も実行されていません。内容を確認してからやり直してください。`,
      },
      extra: { latestVersion: latest },
    });
  }
}

export class VersionReleased extends DomainError {
  constructor() {
    super({
      code: 'incident_version_released',
      status: 409,
      title: { en: 'This version is public already', ja: 'この版は公表済みです' },
      detail: {
        en: 'Nothing was done. To change what is public, record a correction.',
        ja: '何も実行されていません。公表内容を変えるには訂正を記録してください。',
      },
    });
  }
}

export class ProgressNotPublished extends DomainError {
  constructor() {
    super({
      code: 'progress_not_published',
      status: 404,
      title: { en: 'The progress is not published', ja: '進捗は公表されていません' },
      detail: {
        en: 'There are no figures here yet.',
        ja: 'まだ数値は公表されていません。',
      },
    });
  }
}

export class ProgressAlreadyReleased extends DomainError {
  constructor() {
    super({
      code: 'progress_already_released',
      status: 409,
      title: { en: 'The progress is public already', ja: '進捗は公表済みです' },
      detail: { en: 'Nothing was done.', ja: '何も実行されていません。' },
    });
  }
}
