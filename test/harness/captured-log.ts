import { PinoLogger } from 'nestjs-pino';
import { pino } from 'pino';

/** All that the applications of this test file log from now on, down to debug, instead of writing it out. */
export function captureLog(): () => string {
  const lines: string[] = [];
  Object.assign(PinoLogger.root, { [pino.symbols.streamSym]: { write: (line: string) => lines.push(line) } });
  PinoLogger.root.level = 'debug';
  return () => lines.join('');
}
