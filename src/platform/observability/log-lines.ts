import { pino, type DestinationStream } from 'pino';

/** So much is kept of what nobody has taken yet; what would be more is lost, and the server goes on. */
const MOST_UNWRITTEN_BYTES = 8 * 1024 * 1024;

let lines: DestinationStream | null = null;

/**
 * The one standard output of this process, written beside the requests: a reader that is slow for a moment would otherwise stop
 * the whole server, for a tenth of a second each time. What is not written yet is written when the process ends, unless it is killed.
 */
export function logLines(): DestinationStream {
  return (lines ??= openLines());
}

/**
 * Lines of one turn of the event loop leave together at its end. In a rush dozens of requests end in the same turn, and a
 * system call for each of their lines cost more than reading what they asked for.
 */
function openLines(): DestinationStream {
  const output = pino.destination({ sync: false, maxLength: MOST_UNWRITTEN_BYTES });
  let ofThisTurn = '';
  const handOver = () => {
    if (ofThisTurn !== '') output.write(ofThisTurn);
    ofThisTurn = '';
  };
  const flushSync = () => {
    handOver();
    output.flushSync();
  };
  const write = (line: string) => {
    if (ofThisTurn === '') setImmediate(handOver);
    ofThisTurn += line;
  };
  process.once('exit', flushSync);
  // pino asks for flushSync after a fatal line.
  return Object.assign({ write }, { flushSync });
}
