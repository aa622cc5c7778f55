/** What was done to the system, and what was seen of it meanwhile. */
export interface FaultFigures {
  rounds: number;
  /** Of every kind but repeated keys and restarts in turn. */
  strikes: number;
  serverKills: number;
  postgresKills: number;
  commitsEaten: number;
  connectionsBroken: number;
  freezes: number;
  jobsDuplicated: number;
  refusals: number;
  disksFilled: number;
  clocksOff: number;
  mails: number;
  idempotencyKeys: number;
  idempotentTries: number;
  cancelledTries: number;
  rollingRestarts: number;
  /** By agents and customers; and how many of them needed their one retry. */
  requestsDuringRestarts: number;
  retriesDuringRestarts: number;
  invariantReads: number;
  /** From the end of a fault to the first request that was answered. */
  slowestRecoveryMs: number;
}

export const noFigures = (): FaultFigures => ({
  rounds: 0,
  strikes: 0,
  serverKills: 0,
  postgresKills: 0,
  commitsEaten: 0,
  connectionsBroken: 0,
  freezes: 0,
  jobsDuplicated: 0,
  refusals: 0,
  disksFilled: 0,
  clocksOff: 0,
  mails: 0,
  idempotencyKeys: 0,
  idempotentTries: 0,
  cancelledTries: 0,
  rollingRestarts: 0,
  requestsDuringRestarts: 0,
  retriesDuringRestarts: 0,
  invariantReads: 0,
  slowestRecoveryMs: 0,
});
