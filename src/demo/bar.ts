import { Presets, SingleBar } from 'cli-progress';

/** How often a bar that goes to a file or a pipe says where it is. */
const LINE_EVERY_MS = 5_000;
const REDRAW_EVERY_MS = 200;
export const TITLE_WIDTH = 52;

/** How far one stage is, and what those who read it should know about it afterwards. */
export abstract class Bar {
  readonly notes: string[] = [];
  protected value = 0;
  protected total = 1;
  protected unit = '';

  /** How much there is to do, as soon as that is known, and in what. */
  expect(total: number, unit: string): void {
    [this.total, this.unit, this.value] = [Math.max(total, 1), unit, 0];
    this.begin();
  }

  reach(value: number): void {
    this.value = Math.min(value, this.total);
    this.draw();
  }

  /** One more of what is expected. */
  step(): void {
    this.reach(this.value + 1);
  }

  /**
   * One more of what is expected, by work that does not tell how far it is: until it is done the bar goes on as fast as
   * such work usually does, and waits a little before the end.
   */
  async during<T>(usualSeconds: number, work: Promise<T>): Promise<T> {
    const [before, began] = [this.value, performance.now()];
    const timer = setInterval(
      () => this.reach(before + Math.min(0.95, (performance.now() - began) / 1000 / usualSeconds)),
      REDRAW_EVERY_MS,
    );
    try {
      const done = await work;
      this.reach(before + 1);
      return done;
    } finally {
      clearInterval(timer);
    }
  }

  note(text: string): void {
    this.notes.push(text);
  }

  /** Takes the bar away; what it showed is told in words. */
  abstract end(): void;
  protected abstract begin(): void;
  protected abstract draw(): void;
}

export class TerminalBar extends Bar {
  private readonly bar: SingleBar;

  constructor(title: string) {
    super();
    const format = `${title.padEnd(TITLE_WIDTH)}{bar} {percentage} % of {total} {unit}, {eta_formatted} left`;
    this.bar = new SingleBar(
      { format, barsize: 24, clearOnComplete: true, hideCursor: true, etaBuffer: 20 },
      Presets.shades_classic,
    );
    this.bar.start(1, 0, { unit: '' });
  }

  end(): void {
    this.bar.stop();
  }

  protected begin(): void {
    // Begun anew, so that the time left is not reckoned from what was expected before.
    this.bar.stop();
    this.bar.start(this.total, 0, { unit: this.unit });
  }

  protected draw(): void {
    this.bar.update(this.value);
  }
}

/** For a file or a pipe, where nothing can be drawn over. */
export class LineBar extends Bar {
  private began = performance.now();
  private said = performance.now();

  constructor(
    private readonly title: string,
    private readonly say: (line: string) => void,
  ) {
    super();
  }

  end(): void {}

  protected begin(): void {
    this.began = performance.now();
  }

  protected draw(): void {
    const now = performance.now();
    if (now - this.said < LINE_EVERY_MS || this.value === 0 || this.value === this.total) return;
    this.said = now;
    const left = ((now - this.began) / 1000) * (this.total / this.value - 1);
    this.say(`${this.title}: ${Math.trunc(this.value)} of ${this.total} ${this.unit}, about ${Math.ceil(left)} s left`);
  }
}
