/** What was done to the system, and what was seen of it meanwhile. */
export interface FaultFigures {
  rounds: number;
  serverKills: number;
  postgresKills: number;
  commitsEaten: number;
  connectionsBroken: number;
  freezes: number;
  jobsDuplicated: number;
  refusals: number;
  idempotentTries: number;
  requestsDuringRestarts: number;
  invariantReads: number;
  /** From the end of a fault to the first request that was answered. */
  slowestRecoveryMs: number;
}

export const noFigures = (): FaultFigures => ({
  rounds: 0,
  serverKills: 0,
  postgresKills: 0,
  commitsEaten: 0,
  connectionsBroken: 0,
  freezes: 0,
  jobsDuplicated: 0,
  refusals: 0,
  idempotentTries: 0,
  requestsDuringRestarts: 0,
  invariantReads: 0,
  slowestRecoveryMs: 0,
});
