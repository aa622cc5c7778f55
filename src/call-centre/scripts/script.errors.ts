import { DomainError } from '../../platform/problem/domain-error.js';
import { FACTS } from './fill-in.js';

export class ScriptNotFound extends DomainError {
  constructor() {
    super({
      code: 'script_not_found',
      status: 404,
      title: { en: 'Script not found', ja: 'スクリプトが見つかりません' },
      detail: {
        en: 'There is no such version of a script. Nothing was done. Look it up in GET /v1/script-versions.',
        ja: 'この版のスクリプトは存在しません。何も実行されていません。一覧で確認してください。',
      },
    });
  }
}

export class ScriptVersionOutdated extends DomainError {
  constructor(latest: number) {
    super({
      code: 'script_version_outdated',
      status: 409,
      title: { en: 'There is another latest version', ja: '最新の版ではありません' },
      detail: {
        en: `The latest version is ${latest}. Nothing was done. Read it and decide again.`,
        ja: `最新の版は ${latest} です。何も実行されていません。内容を確認してからやり直してください。`,
      },
      extra: { latestVersion: latest },
    });
  }
}

export class ScriptReleased extends DomainError {
  constructor() {
    super({
      code: 'script_released',
      status: 409,
      title: { en: 'This version is in use already', ja: 'この版は使用中です' },
      detail: {
        en: 'Nothing was done. To change what agents say, write a new version.',
        ja: '何も実行されていません。内容を変えるには新しい版を作成してください。',
      },
    });
  }
}

export class ScriptFactUnknown extends DomainError {
  constructor(unknown: string) {
    super({
      code: 'script_fact_unknown',
      status: 400,
      title: { en: 'The text names an unknown fact', ja: '差し込み項目が正しくありません' },
      detail: {
        en: `"${unknown}" cannot be filled in. Nothing was written. Braces may hold only: ${FACTS.join(', ')}.`,
        ja: `「${unknown}」は差し込めません。何も保存されていません。波括弧で使えるのは次の項目のみです: ${FACTS.join(', ')}`,
      },
      extra: { unknown },
    });
  }
}

export class ScriptSaysNothing extends DomainError {
  constructor() {
    super({
      code: 'script_says_nothing',
      status: 400,
      title: { en: 'One line must be without facts', ja: '差し込みのない行が必要です' },
      detail: {
        en: 'Lines whose facts are not there are left out, so both languages need a line without any. Nothing was written.',
        ja: '差し込めない行は表示されないため、両言語とも差し込みのない行が1行以上必要です。何も保存されていません。',
      },
    });
  }
}

export class ScriptPromisesDate extends DomainError {
  constructor(words: string) {
    super({
      code: 'script_promises_date',
      status: 400,
      title: { en: 'The text promises a time', ja: '日時を約束する表現があります' },
      detail: {
        en: `"${words}" is a date or promises one. Nothing was written. Take it out, or name the day only by {posting_date} in the same line; a date itself is never written out.`,
        ja: `「${words}」は日時またはその約束にあたります。何も保存されていません。削除するか、同じ行で {posting_date} を使ってください。日付そのものは記載できません。`,
      },
      extra: { words },
    });
  }
}

export class EscalationRequired extends DomainError {
  constructor() {
    super({
      code: 'script_escalation_required',
      status: 400,
      title: { en: 'Say to whom the agent hands over', ja: '引き継ぎ先が必要です' },
      detail: {
        en: 'A script for a topic needs an escalation. Nothing was written.',
        ja: 'この状況のスクリプトには escalation(引き継ぎ先)が必要です。何も保存されていません。',
      },
    });
  }
}
