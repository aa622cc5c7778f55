import pg from 'pg';

/** The two messages of PostgreSQL's protocol that run a statement: simple query, and bind of an extended one. */
const RUNS_A_STATEMENT = ['query', 'bind'] as const;

/** How many statements the work sends to PostgreSQL from this process, whoever sends them and through whatever wrapper. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const prototype = pg.Connection.prototype as unknown as Record<
    (typeof RUNS_A_STATEMENT)[number],
    (...args: unknown[]) => unknown
  >;
  const original = { query: prototype.query, bind: prototype.bind };
  let count = 0;
  for (const message of RUNS_A_STATEMENT) {
    prototype[message] = function counted(this: unknown, ...args: unknown[]) {
      count += 1;
      return original[message].apply(this, args);
    };
  }
  try {
    await work();
  } finally {
    Object.assign(prototype, original);
  }
  return count;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The statements themselves that the work sends, with their values, in order. */
export async function recordStatements(work: () => Promise<unknown>): Promise<Statement[]> {
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const original = prototype.query;
  const sent: Statement[] = [];
  prototype.query = function recorded(this: unknown, ...args: unknown[]) {
    const [asked, values] = args;
    if (typeof asked === 'string') sent.push({ text: asked, values: Array.isArray(values) ? values : [] });
    else if (typeof asked === 'object' && asked !== null && 'text' in asked)
      sent.push({ values: Array.isArray(values) ? values : [], ...(asked as { text: string }) });
    return original.apply(this, args);
  };
  try {
    await work();
  } finally {
    prototype.query = original;
  }
  return sent;
}
