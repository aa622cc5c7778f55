import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until the answer is not undefined, null or false; the test's own time limit ends it otherwise. */
export async function eventually<T>(ask: () => Promise<T> | T): Promise<NonNullable<Exclude<T, false>>> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
    await pause(20);
  }
}
