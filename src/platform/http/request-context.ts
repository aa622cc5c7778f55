/** Who acts: an id and a role, opaque to the platform. */
export interface Actor {
  readonly id: string;
  readonly role: string;
}

export type Language = 'ja' | 'en';

/** Everything about the request that a service may need, handed on explicitly. */
export interface RequestContext {
  readonly requestId: string;
  readonly actor: Actor;
  readonly language: Language;
  /** The Idempotency-Key header; null where the route does not ask for one. */
  readonly idempotencyKey: string | null;
  /** SHA-256, hex, over method, path and body: the same key with another hash is another request. */
  readonly requestHash: string;
}

/** Japanese unless English is preferred: staff and customers of this programme are in Japan. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const ranked = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const q = parameters.map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.slice(0, 2), q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ language, q }) => (language === 'ja' || language === 'en') && q > 0)
    .sort((a, b) => b.q - a.q);
  return ranked[0]?.language === 'en' ? 'en' : 'ja';
}
