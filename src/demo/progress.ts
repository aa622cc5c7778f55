import { Bar, LineBar, TerminalBar, TITLE_WIDTH } from './bar.js';

/** Says what happens, stage by stage: bars with the time that is left on a terminal, plain lines elsewhere. */
export class Progress {
  say(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Shows a bar while the work is done, then one line with its time and its notes. */
  async show(title: string, work: (bar: Bar) => Promise<void>): Promise<void> {
    const began = performance.now();
    const bar = process.stdout.isTTY ? new TerminalBar(title) : new LineBar(title, (line) => this.say(line));
    try {
      await work(bar);
    } finally {
      bar.end();
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    this.say(
      [`${title.padEnd(TITLE_WIDTH)}${seconds.padStart(6)} s`, ...bar.notes.map((note) => `    ${note}`)].join('\n'),
    );
  }
}
