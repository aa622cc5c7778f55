import { DomainError } from '../platform/problem/domain-error.js';

export class ContactUnchanged extends DomainError {
  constructor() {
    super({
      code: 'contact_unchanged',
      status: 409,
      title: { en: 'Nothing would change', ja: '変更がありません' },
      detail: {
        en: 'Give a mail address or a phone that differs from the one on record. Nothing was done.',
        ja: '登録と異なるメールアドレスまたは電話番号を入力してください。何も実行されていません。',
      },
    });
  }
}

export class IdentityIncomplete extends DomainError {
  constructor() {
    super({
      code: 'identity_incomplete',
      status: 409,
      title: {
        en: 'Name, reading, phone or birth date is missing',
        ja: '氏名・フリガナ・電話番号・生年月日が不足しています',
      },
      detail: {
        en: 'A holder is verified only when these are on record. Nothing was recorded. Complete the record by a holder update first.',
        ja: 'これらの登録がないと本人確認済みにできません。何も記録されていません。先に保有者データの更新で補ってください。',
      },
    });
  }
}

export class CheckInTheFuture extends DomainError {
  constructor() {
    super({
      code: 'check_in_the_future',
      status: 400,
      title: { en: 'This day is yet to come', ja: '未来の日付です' },
      detail: {
        en: 'A check is recorded after it was made. Nothing was recorded. Correct checkedOn.',
        ja: '本人確認は実施後に記録します。何も記録されていません。checkedOn を修正してください。',
      },
    });
  }
}
