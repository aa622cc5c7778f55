import { readMail } from '../../src/demo/mail-text.js';
import type { ReceivedMail } from '../harness/inbox.js';

/** The one-time token that a mail carries, as its reader finds it. */
export function tokenIn(mail: ReceivedMail): string {
  return /^[\w-]{43}\s*$/m.exec(readMail(mail).text)?.[0].trim() ?? '';
}
