import { writeFile } from 'node:fs/promises';
import { freshTokens } from './look-around.js';
import type { DemoRole } from './people.js';
import type { Result } from './result.js';
import type { DemoServer } from './server.js';
import type { Demo } from './stages/stage.js';
import { exportFiles } from './stages/write-export.js';

/** The parts whose time is told. */
export const MEASURED = ['import', 'seal', 'open', 'approve', 'credit', 'reconcile'] as const;
type Measured = (typeof MEASURED)[number];

/** What scripts outside need to go on from the demo; the names are theirs, and so is the superuser, which is for a demo only. */
export interface Summary {
  readonly holders: string;
  readonly xemTotal: string;
  readonly jpyTotal: string;
  readonly residueJpy: string;
  /** Claims that are credited. */
  readonly credited: string;
  readonly trialBalanceJpy: string;
  readonly seconds: Readonly<Record<Measured, number>>;
  readonly serverPeakRssMb: number;
  readonly baseUrl: string;
  readonly csv: string;
  readonly databaseUrl: string;
  readonly tokens: Readonly<Record<DemoRole, string>>;
}

export async function writeSummary(
  file: string,
  demo: Demo,
  result: Result,
  server: DemoServer,
  databaseUrl: string,
): Promise<void> {
  const { xemTotal, claims, residueJpy, credited, trialBalanceJpy } = result;
  const summary: Summary = {
    holders: claims.count,
    xemTotal,
    jpyTotal: claims.sumJpy,
    residueJpy,
    credited: credited.count,
    trialBalanceJpy,
    seconds: secondsOf(demo),
    serverPeakRssMb: await server.peakRssMb(),
    baseUrl: server.baseUrl,
    csv: exportFiles(demo.folder).holdersFile,
    databaseUrl,
    tokens: await freshTokens(demo),
  };
  // It holds passwords and tokens, though of a demo only.
  await writeFile(file, `${JSON.stringify(summary)}\n`, { mode: 0o600 });
}

/** Seconds that each part took on the server. */
export function secondsOf({ journal }: Demo): Record<Measured, number> {
  return Object.fromEntries(MEASURED.map((part) => [part, journal.seconds[part] ?? 0])) as Record<Measured, number>;
}
