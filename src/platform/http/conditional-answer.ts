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

/** Content whose version can be asked for alone: as long as it is the same, so are the bytes of the answer. */
export interface Versioned {
  version(): Promise<string>;
  read(): Promise<{ readonly version: string; readonly body: object }>;
}

/** As above, with the version as ETag: for a client that has it already, nothing else is read and nothing written. */
export async function answerVersioned(
  request: FastifyRequest,
  reply: FastifyReply,
  cacheControl: string,
  content: Versioned,
): Promise<void> {
  const known = request.headers['if-none-match'];
  if (known !== undefined) {
    const etag = `"${await content.version()}"`;
    if (matches(known, etag)) {
      void reply.headers({ 'Cache-Control': cacheControl, ETag: etag }).status(304).send();
      return;
    }
  }
  const { version, body } = await content.read();
  void reply
    .headers({ 'Cache-Control': cacheControl, ETag: `"${version}"`, 'Content-Type': 'application/json; charset=utf-8' })
    .send(JSON.stringify(body));
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2), so that a tag which a proxy weakened still matches. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag);
}
