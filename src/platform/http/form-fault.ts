import { DomainError } from '../problem/domain-error.js';

const TOO_LARGE = 'FST_REQ_FILE_TOO_LARGE';

/**
 * Is this how the parsers of forms say that one is cut off, malformed, or has more parts than it may? They do in several ways.
 * That a file is too large is another matter, with an answer of its own. To be asked only about errors of reading a form.
 */
export function isFormFault(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof DomainError) return false;
  const { code } = error as { code?: unknown };
  if (code === TOO_LARGE) return false;
  return (
    (typeof code === 'string' && /^(FST_|ERR_STREAM_PREMATURE_CLOSE$)/.test(code)) ||
    /multipart|end of form|part (terminated|header)|malformed/i.test(error.message)
  );
}
