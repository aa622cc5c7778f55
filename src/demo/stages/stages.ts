import { announceRate } from './announce-rate.js';
import { approveRest } from './approve-rest.js';
import { approveClaims } from './approve-claims.js';
import { creditPilot } from './credit-pilot.js';
import { creditRest } from './credit-rest.js';
import { fundCompensation } from './fund-compensation.js';
import { importSnapshot } from './import-snapshot.js';
import { openClaims } from './open-claims.js';
import { placeHolds } from './place-holds.js';
import { reconcile } from './reconcile.js';
import { registerKeys } from './register-keys.js';
import { attack } from './attack.js';
import { sealSnapshot } from './seal-snapshot.js';
import { signRelease } from './sign-release.js';
import type { Stage } from './stage.js';
import { writeExport } from './write-export.js';

/** The main job, in its order. */
export const STAGES: readonly Stage[] = [
  writeExport,
  importSnapshot,
  sealSnapshot,
  announceRate,
  fundCompensation,
  openClaims,
  placeHolds,
  approveClaims,
  registerKeys,
  creditPilot,
  approveRest,
  signRelease,
  creditRest,
  reconcile,
];

/** The same with a forgery by somebody who owns the database, while a batch of its own runs. */
export function withAttack(databaseUrl: string): readonly Stage[] {
  return STAGES.flatMap((stage) => (stage === creditPilot ? [stage, attack(databaseUrl)] : [stage]));
}
