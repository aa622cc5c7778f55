import { DomainError, type Text } from '../platform/problem/domain-error.js';

const NOTHING_DONE: Text = { en: 'Nothing was done.', ja: '何も実行されていません。' };

class NotificationError extends DomainError {
  constructor(code: string, status: number, title: Text, detail: Text) {
    super({
      code,
      status,
      title,
      detail: { en: `${detail.en} ${NOTHING_DONE.en}`, ja: `${detail.ja}${NOTHING_DONE.ja}` },
    });
  }
}

export class CampaignNotFound extends NotificationError {
  constructor() {
    super(
      'campaign_not_found',
      404,
      { en: 'Campaign not found', ja: 'メール配信が見つかりません' },
      { en: 'There is no such campaign or wave.', ja: 'このメール配信または配信回は存在しません。' },
    );
  }
}

export class MailNotFound extends NotificationError {
  constructor() {
    super(
      'mail_not_found',
      404,
      { en: 'Mail not found', ja: 'メールが見つかりません' },
      { en: 'There is no such mail.', ja: 'このメールは存在しません。' },
    );
  }
}

export class CampaignOfAnotherMaker extends NotificationError {
  constructor() {
    super(
      'campaign_of_another_maker',
      403,
      { en: 'Another person wrote this campaign', ja: '別の担当者が作成したメール配信です' },
      { en: 'Only its maker asks for release.', ja: '承認を依頼できるのは作成者だけです。' },
    );
  }
}

export class CampaignStateForbids extends NotificationError {
  constructor(status: string) {
    super(
      'campaign_state_forbids',
      409,
      { en: 'The campaign or wave is not in the right state', ja: '現在の状態では実行できません' },
      { en: `Its state is ${status}, which does not allow this.`, ja: `現在の状態(${status})では実行できません。` },
    );
  }
}

export class MailTextNotPlain extends NotificationError {
  constructor() {
    super(
      'mail_text_not_plain',
      400,
      { en: 'The text carries what mails must not', ja: 'メールに書けない内容が含まれています' },
      {
        en: 'Mails carry no link, no amount and no quantity, and no placeholder but {{name}} and {{customerNoEnd}}.',
        ja: 'リンク、金額、数量は書けません。差し込みは {{name}} と {{customerNoEnd}} だけです。',
      },
    );
  }
}

export class BatchFitsNot extends NotificationError {
  constructor() {
    super(
      'campaign_batch_mismatch',
      400,
      { en: 'Credit batch missing or not wanted', ja: '一括反映の指定が正しくありません' },
      {
        en: 'A campaign of the kind credited names an existing credit batch and delivers at most once; others name none.',
        ja: '残高反映の案内には存在する一括反映の指定と at_most_once が必要です。それ以外では指定できません。',
      },
    );
  }
}

export class MailNotOver extends NotificationError {
  constructor() {
    super(
      'mail_not_resendable',
      409,
      { en: 'This mail cannot be sent once more', ja: '再送できないメールです' },
      {
        en: 'Only a first mail that is over is sent once more, once, and while nothing stands against mail to this customer.',
        ja: '再送できるのは送信処理が終わった最初のメールだけで、一度限りです。送信できない理由がある場合も再送できません。',
      },
    );
  }
}

export class ReportsNotConfigured extends NotificationError {
  constructor() {
    super(
      'mail_reports_not_configured',
      503,
      { en: 'Mail reports are not configured', ja: '配信報告の受付が設定されていません' },
      { en: 'Set MAIL_REPORT_SECRET.', ja: 'MAIL_REPORT_SECRET を設定してください。' },
    );
  }
}

export class ReportUnreadable extends NotificationError {
  constructor() {
    super(
      'mail_report_unreadable',
      400,
      { en: 'Not a mail report', ja: '配信報告として読めません' },
      {
        en: 'Expected a message of type multipart/report with a delivery-status or feedback-report part.',
        ja: 'delivery-status または feedback-report を含む multipart/report ではありません。',
      },
    );
  }
}
