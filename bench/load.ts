import autocannon from 'autocannon';

export interface Load {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** One request as a client would send it. */
export interface Asked {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks for so many seconds over so many connections, each request drawn anew; with `perSecond` not faster than that, as
 * people do. Errors: when an answer is not one of `expected`.
 */
export async function load(
  url: string,
  draw: () => Asked,
  {
    connections,
    seconds,
    perSecond,
    expected = 200,
  }: {
    connections: number;
    seconds: number;
    perSecond?: number;
    expected?: number;
  },
): Promise<Load> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    ...(perSecond === undefined ? {} : { overallRate: perSecond }),
    requests: [{ setupRequest: (request) => ({ ...request, ...asRequest(draw()) }) }],
  });
  const answers = result.statusCodeStats as Readonly<Record<string, { count: number }>>;
  const [right, all] = [answers[String(expected)]?.count ?? 0, result.requests.total];
  if (all === 0 || result.errors + result.timeouts > 0 || right < all)
    throw new Error(
      `Of ${all} answers ${right} were ${expected}; ${result.errors} errors, ${result.timeouts} timeouts.`,
    );
  return { perSecond: all / result.duration, p99Ms: result.latency.p99 };
}

const asRequest = ({ path, headers = {} }: Asked) => ({ method: 'GET' as const, path, headers: { ...headers } });

export function drawFrom<T>(many: readonly T[]): () => T {
  return () => {
    const drawn = many[Math.trunc(Math.random() * many.length)];
    if (drawn === undefined) throw new Error('There is nothing to draw from.');
    return drawn;
  };
}
