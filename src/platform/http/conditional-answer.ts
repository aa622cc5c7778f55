import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers with a strong ETag over exactly these bytes, or with 304 and no body when the client has them already.
 * `cacheControl` takes the place of the no-store that holds for every other answer.
 */
export function answerConditionally(
  request: FastifyRequest,
  reply: FastifyReply,
  cacheControl: string,
  body: object,
): void {
  const text = JSON.stringify(body);
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  void reply.headers({ 'Cache-Control': cacheControl, ETag: etag });
  if (matches(request.headers['if-none-match'], etag)) void reply.status(304).send();
  else void reply.header('Content-Type', 'application/json; charset=utf-8').send(text);
}

/** Content with a version: as long as it is the same, so are the bytes of the answer. */
export interface Versioned {
  /** As it was when somebody last looked at it for this request; null when nobody has. */
  readonly version: string | null;
  read(): Promise<{ readonly version: string; readonly body: object }>;
}

/** As above, with the version as ETag: for a client that has it already, nothing else is read and nothing written. */
export async function answerVersioned(
  request: FastifyRequest,
  reply: FastifyReply,
  cacheControl: string,
  content: Versioned,
): Promise<void> {
  const isKnown = (version: string) => matches(request.headers['if-none-match'], `"${version}"`);
  if (content.version !== null && isKnown(content.version)) return unchanged(reply, cacheControl, content.version);
  const { version, body } = await content.read();
  if (isKnown(version)) return unchanged(reply, cacheControl, version);
  void reply
    .headers({ 'Cache-Control': cacheControl, ETag: `"${version}"`, 'Content-Type': 'application/json; charset=utf-8' })
    .send(JSON.stringify(body));
}

function unchanged(reply: FastifyReply, cacheControl: string, version: string): void {
  void reply
    .headers({ 'Cache-Control': cacheControl, ETag: `"${version}"` })
    .status(304)
    .send();
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2), so that a tag which a proxy weakened still matches. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag);
}
