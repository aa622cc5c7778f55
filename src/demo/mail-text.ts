/** What a person reads of a mail: its subject and its plain text, also where HTML stands beside it. */
export function readMail({ raw }: { readonly raw: string }): { subject: string; text: string } {
  const { header, body } = partsOf(raw);
  const boundary = /boundary="?([^";\s]+)"?/iu.exec(header('content-type'))?.[1];
  const plain = boundary === undefined ? { header, body } : plainPart(body, boundary);
  return {
    subject: decodedWords(header('subject')),
    text: decoded(plain.body, plain.header('content-transfer-encoding').toLowerCase()),
  };
}

interface Parts {
  readonly header: (name: string) => string;
  readonly body: string;
}

function partsOf(raw: string): Parts {
  const [head = '', ...body] = raw.split(/\r?\n\r?\n/u);
  const lines = head.replaceAll(/\r?\n[ \t]+/gu, ' ');
  return {
    header: (name) => new RegExp(`^${name}:\\s*(.*)$`, 'imu').exec(lines)?.[1] ?? '',
    body: body.join('\n\n'),
  };
}

function plainPart(body: string, boundary: string): Parts {
  const parts = body.split(`--${boundary}`).map((part) => partsOf(part.trimStart()));
  return parts.find(({ header }) => header('content-type').startsWith('text/plain')) ?? partsOf(body);
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
