/** One message or part: header fields by lower-case name, and what follows them. */
export interface MessagePart {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface MailReport {
  readonly kind: 'bounce' | 'delay' | 'complaint' | 'other';
  /** Enhanced status code of RFC 3463; null where there is none. */
  readonly statusCode: string | null;
  /** Of the mail that it is about, with angle brackets; null if the report does not carry it. */
  readonly messageId: string | null;
}

/** Reports have three parts; one with hundreds is not one. */
const MOST_PARTS = 20;
const MESSAGE_ID = /<[^<>\s]{1,250}>/u;
const STATUS_CODE = /\b([245]\.\d{1,3}\.\d{1,3})\b/u;

/** Reads an RFC 3464 delivery status notification or an RFC 5965 feedback report; null if it is neither. */
export function readReport(raw: string): MailReport | null {
  const message = readPart(raw.replace(/\r\n?/gu, '\n'));
  const parts = partsOf(message);
  const ofType = (...types: string[]) => parts.find(({ headers }) => types.includes(mediaType(headers)));
  const original = ofType(
    'message/rfc822',
    'text/rfc822-headers',
    'message/rfc822-headers',
    'message/global',
    'message/global-headers',
  );
  const messageId = original
    ? (MESSAGE_ID.exec(readPart(original.body).headers.get('message-id') ?? '')?.[0] ?? null)
    : null;
  const status = ofType('message/delivery-status', 'message/global-delivery-status');
  if (status) return { ...readDeliveryStatus(status.body), messageId };
  const feedback = ofType('message/feedback-report');
  if (!feedback) return null;
  const type = readPart(feedback.body).headers.get('feedback-type')?.toLowerCase();
  return { kind: type === 'abuse' || type === 'fraud' ? 'complaint' : 'other', statusCode: null, messageId };
}

/** Its blocks of fields: one about the message, one per recipient. Ours have one recipient; the worst of more counts. */
function readDeliveryStatus(body: string): Pick<MailReport, 'kind' | 'statusCode'> {
  const recipients = body
    .split(/\n[ \t]*\n/u)
    .map((block) => readPart(block.trimStart()).headers)
    .filter((headers) => headers.has('action'));
  const withAction = (action: string) => recipients.find((headers) => headers.get('action')?.toLowerCase() === action);
  const failed = withAction('failed');
  const told = failed ?? withAction('delayed') ?? recipients[0];
  const statusCode = STATUS_CODE.exec(told?.get('status') ?? '')?.[1] ?? null;
  return { kind: failed ? 'bounce' : withAction('delayed') ? 'delay' : 'other', statusCode };
}

function readPart(text: string): MessagePart {
  const end = text.search(/\n\n|^\n/u);
  const head = end < 0 ? text : text.slice(0, end);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\n[ \t]+/gu, ' ').split('\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    // The first of a repeated field counts, so that nothing appended can replace it.
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: end < 0 ? '' : text.slice(end).replace(/^\n+/u, '') };
}

function partsOf({ headers, body }: MessagePart): MessagePart[] {
  if (mediaType(headers) !== 'multipart/report') return [];
  const boundary = /boundary="?([^";]{1,70})"?/iu.exec(headers.get('content-type') ?? '')?.[1];
  if (boundary === undefined) return [];
  return `\n${body}`
    .split(`\n--${boundary}`)
    .slice(1, MOST_PARTS + 1)
    .filter((part) => !part.startsWith('--'))
    .map((part) => readPart(part.replace(/^[^\n]*\n/u, '')));
}

function mediaType(headers: ReadonlyMap<string, string>): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
