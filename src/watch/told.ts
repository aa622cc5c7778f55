import type { OutgoingMail } from '../platform/mail/mailer.js';
import { FINDING_KINDS } from './finding.js';
import type { AlertToTell } from './sql/alerts-to-tell.sql.js';

const MONEY = '【緊急停止】';

/** One mail for all of them: what was found, in words, and where to look; identifiers only. */
export function alertMail(to: string, alerts: readonly AlertToTell[]): OutgoingMail {
  const [first] = alerts;
  const stops = alerts.some(({ stopsCrediting }) => stopsCrediting);
  return {
    messageId: `<watch.${first?.id}.${alerts.length}@henkin>`,
    to,
    subject: `${stops ? MONEY : ''}Henkin 監視アラート ${alerts.length}件`,
    text: [
      ...alerts.map((alert) => {
        const { ja, en } = FINDING_KINDS[alert.kind].text;
        return `#${alert.id} ${alert.raisedAt.toISOString()} ${alert.kind} ${alert.subject}\n${ja}\n${en}`;
      }),
      stops
        ? '残高への反映はすべて停止しています。再開には2名の承認が必要です。\nAll crediting has stopped; two people let it go on.'
        : '残高への反映は停止していません。\nCrediting goes on.',
      'GET /v1/watch/alerts, GET /v1/kill-switch',
    ].join('\n\n'),
  };
}

/** The same for machines. */
export function alertJson(alerts: readonly AlertToTell[]): string {
  return JSON.stringify({
    alerts: alerts.map((alert) => ({ ...alert, text: FINDING_KINDS[alert.kind].text.en })),
  });
}
