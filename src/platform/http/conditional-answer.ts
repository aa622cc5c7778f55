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

/** If-None-Match compares weakly (RFC 9110, 13.1.2), so that a tag which a proxy weakened still matches. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag);
}
