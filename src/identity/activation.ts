import { newSecretToken } from './secret-token.js';
import type { ActivationView } from './staff.dto.js';
import type { Activation } from './staff.repository.js';

const ACTIVATION_HOURS = 72;

/** The activation whose token, known by its hash, works from now on. */
export function activationOf(activationHash: string): Activation {
  return { activationHash, activationExpiresAt: new Date(Date.now() + ACTIVATION_HOURS * 60 * 60 * 1000) };
}

/** A one-time activation: what is kept of it, and what is shown or mailed once. */
export function newActivation(): { kept: Activation; shown: ActivationView } {
  const { token, hash } = newSecretToken();
  const kept = activationOf(hash);
  return { kept, shown: { activationToken: token, activationExpiresAt: kept.activationExpiresAt.toISOString() } };
}
