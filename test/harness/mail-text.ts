import type { ReceivedMail } from './inbox.js';

/** What a person reads of a mail without parts: its subject and its text. */
export function readMail({ raw }: ReceivedMail): { subject: string; text: string } {
  const [head = '', ...body] = raw.split(/\r?\n\r?\n/u);
  const header = (name: string) =>
    new RegExp(`^${name}:\\s*(.*)$`, 'imu').exec(head.replaceAll(/\r?\n[ \t]+/gu, ' '))?.[1] ?? '';
  return {
    subject: decodedWords(header('subject')),
    text: decoded(body.join('\n\n'), header('content-transfer-encoding').toLowerCase()),
  };
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return unquoted(body.replaceAll(/=\r?\n/gu, ''));
  return body;
}

function decodedWords(header: string): string {
  return header
    .replaceAll(/\?=\s+=\?/gu, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/giu, (_word, encoding: string, text: string) =>
      encoding.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : unquoted(text.replaceAll('_', ' ')),
    );
}

function unquoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/giu, (_code, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
