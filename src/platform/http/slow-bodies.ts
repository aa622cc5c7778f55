import type { FastifyInstance } from 'fastify';

/** How long a body may take from its first byte to its last: uploads are large, everything else is not. */
const BODY_MS = 10_000;
const UPLOAD_MS = 15 * 60_000;

/** Whoever sends a body drop by drop is cut off, so that nobody can hold all connections with next to nothing. */
export function cutOffSlowBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw, headers }, reply, done) => {
    if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0') {
      const patienceMs = headers['content-type']?.startsWith('multipart/') ? UPLOAD_MS : BODY_MS;
      const timer = setTimeout(() => raw.destroy(), patienceMs).unref();
      raw.once('end', () => clearTimeout(timer));
      reply.raw.once('close', () => clearTimeout(timer));
    }
    done();
  });
}
