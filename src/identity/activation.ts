import { newSecretToken } from './secret-token.js';
import type { ActivationView } from './staff.dto.js';
import type { Activation } from './staff.repository.js';

const ACTIVATION_HOURS = 72;

/** A one-time activation: what is kept of it, and what is shown or mailed once. */
export function newActivation(): { kept: Activation; shown: ActivationView } {
  const { token, hash } = newSecretToken();
  const expires = new Date(Date.now() + ACTIVATION_HOURS * 60 * 60 * 1000);
  return {
    kept: { activationHash: hash, activationExpiresAt: expires },
    shown: { activationToken: token, activationExpiresAt: expires.toISOString() },
  };
}
