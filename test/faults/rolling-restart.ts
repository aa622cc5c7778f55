import { setTimeout as pause } from 'node:timers/promises';
import { Crowd } from './crowd.js';
import { Installation, type FaultSettings } from './installation.js';
import { verdict } from './verdict.js';
import { doFirstJob, doFurtherJob } from './work.js';

export interface RestartSettings extends FaultSettings {
  readonly agents: number;
  readonly customers: number;
  readonly restarts: number;
  /** How long a restarted server is in use before the other one is restarted. */
  readonly longMs: number;
}

/** Servers restarted in turn, as for a new version, while agents and customers use them and a batch is paid. */
export async function restartInTurn(settings: RestartSettings): Promise<string[]> {
  const installation = await Installation.open(settings);
  const { figures, restarts, longMs } = settings;
  try {
    const people = await installation.hire();
    const acknowledged = await doFirstJob(people, settings);
    const crowd = await Crowd.gather(installation, settings);
    const using = crowd.use();
    const paying = doFurtherJob(people, settings, acknowledged);
    for (let restart = 0; restart < restarts; restart += 1) {
      const server = installation.servers[restart % installation.servers.length];
      if (server) await installation.replace(server, 'SIGTERM');
      await installation.recovered();
      figures.rollingRestarts += 1;
      await pause(longMs);
    }
    await paying;
    crowd.leave();
    await using;
    figures.requestsDuringRestarts += crowd.requests;
    figures.retriesDuringRestarts += crowd.retries;
    return [...crowd.failures, ...(await crowd.missing()), ...(await verdict(installation, people, acknowledged))];
  } finally {
    await installation.close();
    figures.rounds += 1;
  }
}
