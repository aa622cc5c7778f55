import { join } from 'node:path';
import { Progress } from '../src/demo/progress.js';
import { stopSignal } from '../src/platform/installation/stop-signal.js';
import { projectRoot } from '../src/platform/database/project-root.js';
import { runAgents } from './agents.bench.js';
import { runJobs } from './job.bench.js';
import { MEASURES } from './measures.js';
import { readOptions } from './options.js';
import { writeReport } from './report/report.js';
import { resultTable } from './report/result-table.js';
import { runRequests } from './requests.bench.js';
import { runStarts } from './start.bench.js';

/** `npm run bench`: every comparison, its report, and exit code 1 when a reach is missed; `--help` says how to ask. */
const options = readOptions(process.argv);
const stop = stopSignal();
const around = { progress: new Progress(), stop };
try {
  const began = performance.now();
  // What needs most of the machine comes first: if it cannot be run here, one knows it within minutes.
  const agents = await runAgents(around, options);
  const jobs = await runJobs(around, options);
  const measured = [
    ...agents,
    ...jobs.results,
    ...(await runRequests(around, options)),
    ...(await runStarts(around, options)),
  ];
  const results = MEASURES.flatMap(({ id }) => measured.filter((result) => result.id === id));
  around.progress.say(`\n${resultTable(results)}`);
  // Only a run of everything in its full or quick size is a record; a part of it would leave old and new figures side by side.
  if (results.length === MEASURES.length && !options.scaled) {
    const minutes = (performance.now() - began) / 60_000;
    await writeReport(join(projectRoot, 'bench'), { options, results, jobs, minutes });
  }
  process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;
} catch (error) {
  process.exitCode = stop.aborted ? 130 : 1;
  if (!stop.aborted)
    process.stderr.write(`The bench stopped: ${error instanceof Error ? error.stack : String(error)}\n`);
}
process.exit();
