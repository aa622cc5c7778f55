import { logLines } from '../../dist/platform/observability/log-lines.js';

/** Logs and ends in the same turn of the event loop, as a process does that cannot go on. */
const lines = logLines();
for (const name of ['first', 'second', 'last']) lines.write(`{"msg":"${name}"}\n`);
if (process.argv[2] === 'by an error') throw new Error('nobody catches this');
process.exit(3);
