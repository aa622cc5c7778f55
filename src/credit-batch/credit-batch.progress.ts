/** Where a batch stands, as counted by the database. */
export interface RunFigures {
  readonly itemCount: bigint;
  readonly creditedCount: bigint;
  readonly skippedCount: bigint;
  /** Since when it has been running without a pause; null before it ever ran. */
  readonly runningSince: Date | null;
  /** How many items were done at that time. */
  readonly doneBeforeRun: bigint | null;
  /** When the last chunk was done. */
  readonly progressedAt: Date | null;
}

export interface Speed {
  /** Over the current or last run, pauses left out; null until the first chunk is done. */
  readonly itemsPerSecond: number | null;
  /** At that speed; null while it is unknown. */
  readonly secondsLeft: number | null;
}

export function speedOf(figures: RunFigures): Speed {
  const { runningSince, doneBeforeRun, progressedAt } = figures;
  const done = figures.creditedCount + figures.skippedCount;
  if (runningSince === null || progressedAt === null || doneBeforeRun === null) return UNKNOWN;
  const seconds = (progressedAt.getTime() - runningSince.getTime()) / 1000;
  if (seconds <= 0 || done <= doneBeforeRun) return UNKNOWN;
  const itemsPerSecond = Number(done - doneBeforeRun) / seconds;
  const secondsLeft = Number(figures.itemCount - done) / itemsPerSecond;
  return { itemsPerSecond: Math.round(itemsPerSecond * 10) / 10, secondsLeft: Math.round(secondsLeft * 10) / 10 };
}

const UNKNOWN: Speed = { itemsPerSecond: null, secondsLeft: null };
