import type { FastifyInstance } from 'fastify';
import secureJson from 'secure-json-parse';
import { DomainError } from '../problem/domain-error.js';
import { HalfCharacter, JsonTooDeep, NulCharacter } from '../problem/platform.errors.js';

const MAX_DEPTH = 32;
/** The escape of NUL: an odd number of backslashes before it, since a pair of them is a backslash itself. */
const NUL_ESCAPE = /(?<!\\)(?:\\\\)*\\u0000/;
/** The escape of a surrogate; a pair of them is a character, and one alone is none (RFC 8259, section 8.2). */
const SURROGATE_ESCAPE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/i;

/** Reads JSON bodies: not deeper than anyone needs, and without keys that would reach an object's prototype. */
export function readJsonBodies(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      const text = body.toString();
      if (depthOf(text) > MAX_DEPTH) throw new JsonTooDeep(MAX_DEPTH);
      // PostgreSQL's text holds every character but this one; a body with it is refused here, not by the database.
      if (NUL_ESCAPE.test(text)) throw new NulCharacter();
      const value: unknown =
        text.trim() === '' ? undefined : secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' });
      // Written again, only those that stand alone are still escapes; they can be neither hashed nor stored as UTF-8.
      if (SURROGATE_ESCAPE.test(text) && SURROGATE_ESCAPE.test(JSON.stringify(value))) throw new HalfCharacter();
      done(null, value);
    } catch (error) {
      done(
        error instanceof DomainError ? error : Object.assign(new Error('malformed JSON'), { statusCode: 400 }),
        undefined,
      );
    }
  });
}

/** Deepest nesting of brackets outside strings, without recursion, so that the check itself cannot be exhausted. */
export function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1));
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}
