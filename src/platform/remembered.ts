import type { Clock } from './clock/clock.js';

/** One value per process, asked for again when it is older than so long; whoever comes meanwhile shares the one question. */
export class Remembered<T> {
  private value: { readonly at: number; readonly answer: Promise<T> } | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly lifeMs: number,
    private readonly ask: () => Promise<T>,
  ) {}

  get(): Promise<T> {
    const at = this.clock.now().getTime();
    if (this.value && at - this.value.at < this.lifeMs) return this.value.answer;
    const asked = { at, answer: this.ask() };
    this.value = asked;
    // A failure is not remembered: the next one asks again.
    asked.answer.catch(() => {
      if (this.value === asked) this.value = null;
    });
    return asked.answer;
  }
}
