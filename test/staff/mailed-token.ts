import type { ReceivedMail } from '../harness/inbox.js';

/** The text of a mail as its reader sees it. */
export function textOf({ raw }: ReceivedMail): string {
  const [headers = '', body = ''] = raw.split(/\r\n\r\n(.*)/s);
  if (/^content-transfer-encoding: base64/im.test(headers)) return Buffer.from(body, 'base64').toString();
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

/** The one-time token that a mail carries. */
export function tokenIn(mail: ReceivedMail): string {
  return /^[\w-]{43}$/m.exec(textOf(mail))?.[0] ?? '';
}
