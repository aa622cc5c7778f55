import { DomainError, type Text } from '../platform/problem/domain-error.js';

const NOTHING_DONE: Text = { en: 'Nothing was done.', ja: '何も実行されていません。' };

export class ContactError extends DomainError {
  constructor(
    code: string,
    status: number,
    title: Text,
    what: Text,
    next: Text,
    extra?: { readonly [key: string]: number },
  ) {
    super({
      code,
      status,
      title,
      detail: { en: `${what.en} ${NOTHING_DONE.en} ${next.en}`, ja: `${what.ja}${NOTHING_DONE.ja}${next.ja}` },
      ...(extra ? { extra } : {}),
    });
  }
}

export class ContactNotFound extends ContactError {
  constructor() {
    super(
      'contact_not_found',
      404,
      { en: 'Contact not found', ja: '応対が見つかりません' },
      { en: 'There is no such contact, or not one that you may see.', ja: 'この応対は存在しないか、閲覧できません。' },
      { en: 'Look at the page of the holder.', ja: '保有者の画面で確認してください。' },
    );
  }
}

export class ContactOfAnotherAgent extends ContactError {
  constructor() {
    super(
      'contact_of_another_agent',
      403,
      { en: 'A colleague has this contact', ja: '別の担当者の応対です' },
      {
        en: 'A contact is checked and closed by whoever opened it.',
        ja: '本人確認と終了は、応対を開始した担当者のみが行えます。',
      },
      { en: 'Open one of your own.', ja: 'ご自身の応対を開始してください。' },
    );
  }
}

export class ContactOver extends ContactError {
  constructor() {
    super(
      'contact_over',
      409,
      { en: 'The contact is over', ja: '応対は終了しています' },
      {
        en: 'It is closed, or ended by itself after an hour.',
        ja: '終了済みか、1時間が経過して自動的に終了しました。',
      },
      { en: 'Open another one.', ja: '新しい応対を開始してください。' },
    );
  }
}

export class RepresentativeDoesNotFit extends ContactError {
  constructor() {
    super(
      'representative_does_not_fit',
      400,
      { en: 'This is no representative of this holder', ja: 'この保有者の代理人等ではありません' },
      {
        en: 'representativeId goes with the customerNo of their holder, and with the caller representative, heir or lawyer.',
        ja: 'representativeId は当該保有者の customerNo、および caller(representative、heir、lawyer)とともに指定します。',
      },
      { en: 'Correct the request.', ja: '内容を修正してください。' },
    );
  }
}

export class CallerNotEntitled extends ContactError {
  constructor() {
    super(
      'caller_not_entitled',
      409,
      { en: 'This caller may be told nothing', ja: 'この相手には案内できません' },
      {
        en: 'The contact is about no holder, or with neither the holder nor a representative in force.',
        ja: '保有者が特定されていないか、本人でも有効な代理人等でもありません。',
      },
      {
        en: 'Say nothing about the holder. A representative has to be recorded from papers and confirmed first.',
        ja: '保有者に関する案内はしないでください。代理人等は書面による登録と確認が必要です。',
      },
    );
  }
}

export class CallerCheckTooLittle extends ContactError {
  constructor() {
    super(
      'caller_check_too_little',
      400,
      { en: 'Two things are compared at least', ja: '2項目以上が必要です' },
      { en: 'Fewer than two things that the caller said were given.', ja: '相手の申告が2項目に満たない状態です。' },
      { en: 'Ask for another one.', ja: 'もう1項目を尋ねてください。' },
    );
  }
}

export class CallerCheckPassed extends ContactError {
  constructor() {
    super(
      'caller_check_passed',
      409,
      { en: 'The caller has passed already', ja: '本人確認は完了しています' },
      { en: 'This contact has passed its check.', ja: 'この応対の本人確認は完了しています。' },
      { en: 'Go on with the call.', ja: 'そのまま応対を続けてください。' },
    );
  }
}

export class CallerCheckLocked extends ContactError {
  constructor() {
    super(
      'caller_check_locked',
      409,
      { en: 'No further check in this contact', ja: '本人確認はロックされています' },
      { en: 'Three checks have failed.', ja: '本人確認に3回失敗しました。' },
      {
        en: 'Say nothing about the holder and end the contact; a team lead looks into it.',
        ja: '保有者に関する案内をせずに応対を終了してください。SVが確認します。',
      },
    );
  }
}

export class CallerCheckThrottled extends ContactError {
  constructor(retryAfterSeconds: number) {
    super(
      'caller_check_throttled',
      429,
      { en: 'Too many checks', ja: '本人確認の回数が上限に達しました' },
      {
        en: 'Too many checks were made by you within an hour, or failed about this holder within a day.',
        ja: '1時間あたりの実施回数、またはこの保有者について1日あたりの失敗回数が上限に達しました。',
      },
      { en: 'Ask your team lead.', ja: 'SVに相談してください。' },
      { retryAfterSeconds },
    );
  }
}

export class ComplaintAlreadyRecorded extends ContactError {
  constructor() {
    super(
      'complaint_already_recorded',
      409,
      { en: 'It is on record as a complaint already', ja: '苦情として記録済みです' },
      { en: 'This contact is a complaint already.', ja: 'この応対は苦情として記録済みです。' },
      { en: 'Look at the contact.', ja: '応対の内容を確認してください。' },
    );
  }
}

export class NoOpenComplaint extends ContactError {
  constructor() {
    super(
      'no_open_complaint',
      409,
      { en: 'There is no open complaint', ja: '対応中の苦情がありません' },
      { en: 'This contact is no complaint, or it was closed before.', ja: '苦情ではないか、すでに完了しています。' },
      { en: 'Look at the contact.', ja: '応対の内容を確認してください。' },
    );
  }
}

export class DaysOutOfRange extends ContactError {
  constructor() {
    super(
      'days_out_of_range',
      400,
      { en: 'These days cannot be counted', ja: '期間を集計できません' },
      {
        en: 'from is after to, or they are more than 366 days apart.',
        ja: 'from が to より後か、366日を超えています。',
      },
      { en: 'Ask for other days.', ja: '期間を修正してください。' },
    );
  }
}
