import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../src/platform/database/project-root.js';
import { leakingLines } from './leaks.js';

/** A Node process of its own that a test may kill. */
export interface Child {
  readonly pid: number;
  /** Everything it wrote so far, to standard output and error. */
  output(): string;
  /** Resolves with the first line that contains `text`. Errors: it ended without having written one. */
  line(text: string): Promise<string>;
  /** Sends the signal and resolves with exit code or signal, when it is gone. Errors: personal data is in its log. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

const running = new Set<ChildProcess>();
// Whoever gives up in the middle leaves no process behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a script, named relative to the project, with nothing in its environment but what is given. */
export function startChild(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  const lines: string[] = [];
  const readers = [child.stdout, child.stderr].map((stream) =>
    createInterface(stream).on('line', (line) => lines.push(line)),
  );
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
  return {
    pid: child.pid ?? 0,
    output: () => lines.join('\n'),
    line: async (text) => {
      for (;;) {
        const found = lines.find((line) => line.includes(text));
        if (found !== undefined) return found;
        const gone = ended.then(() => 'gone' as const);
        const next = await Promise.race([gone, ...readers.map((reader) => once(reader, 'line'))]);
        if (next === 'gone') throw new Error(`${script} ended without saying ${text}:\n${lines.join('\n')}`);
      }
    },
    end: async (signal) => {
      if (isRunning(child)) child.kill(signal);
      const end = await ended;
      const leaking = leakingLines(lines.filter((line) => line.startsWith('{"level"')).join('\n'));
      if (leaking.length > 0) throw new Error(`${script} logged personal data:\n${leaking.join('\n')}`);
      return end;
    },
    ended,
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
