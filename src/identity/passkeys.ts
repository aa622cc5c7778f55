import { Injectable, Logger } from '@nestjs/common';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from '@simplewebauthn/server';
import { Config } from '../platform/config/config.js';

/** A passkey as it is kept. */
export interface Passkey {
  readonly credentialId: string;
  readonly publicKey: Uint8Array;
  readonly signCount: bigint;
  readonly transports: readonly string[];
}

const NAME = 'Henkin';
const TIMEOUT_MS = 600_000;

/** Loaded when somebody first needs it: with its formats of attestation it is larger than all else that a sign-in needs. */
const library = () => import('@simplewebauthn/server');

/**
 * WebAuthn: what a browser is asked to sign, and whether it did, for this site and nowhere else. Whose key it is and
 * that a challenge is used once is the business of the database.
 */
@Injectable()
export class Passkeys {
  private readonly logger = new Logger('Passkeys');

  constructor(private readonly config: Config) {}

  async creationOptions(
    challenge: string,
    person: { readonly staffId: string; readonly login: string; readonly displayName: string },
    known: readonly Passkey[],
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await library();
    return generateRegistrationOptions({
      rpName: NAME,
      rpID: this.config.webauthnRpId,
      userID: bytesOf(Buffer.from(person.staffId)),
      userName: person.login,
      userDisplayName: person.displayName,
      challenge: bytesOf(Buffer.from(challenge, 'base64url')),
      timeout: TIMEOUT_MS,
      attestationType: 'none',
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
      excludeCredentials: known.map(descriptorOf),
    });
  }

  async requestOptions(challenge: string, known: readonly Passkey[]): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await library();
    return generateAuthenticationOptions({
      rpID: this.config.webauthnRpId,
      challenge: bytesOf(Buffer.from(challenge, 'base64url')),
      timeout: TIMEOUT_MS,
      userVerification: 'preferred',
      allowCredentials: known.map(descriptorOf),
    });
  }

  /** The new key; null when the browser's answer is not to this challenge, for this site, or whole. */
  async created(challenge: string, response: RegistrationResponseJSON): Promise<Passkey | null> {
    const { verifyRegistrationResponse } = await library();
    const verified = await this.orNull(async () => {
      await assertNoCertificates(response);
      return verifyRegistrationResponse({ response, ...this.expected(challenge), requireUserVerification: false });
    });
    if (!verified?.verified) return null;
    const { id, publicKey, counter } = verified.registrationInfo.credential;
    const transports = response.response.transports ?? [];
    return { credentialId: id, publicKey, signCount: BigInt(counter), transports };
  }

  /** The key's next signature counter; null when it did not sign this challenge for this site. */
  async signed(challenge: string, passkey: Passkey, response: AuthenticationResponseJSON): Promise<bigint | null> {
    const { verifyAuthenticationResponse } = await library();
    const credential: WebAuthnCredential = {
      id: passkey.credentialId,
      publicKey: bytesOf(passkey.publicKey),
      counter: Number(passkey.signCount),
    };
    const verified = await this.orNull(() =>
      // The password was proven before: the key is what one has, so a touch is enough.
      verifyAuthenticationResponse({
        response,
        credential,
        ...this.expected(challenge),
        requireUserVerification: false,
      }),
    );
    return verified?.verified ? BigInt(verified.authenticationInfo.newCounter) : null;
  }

  private expected(challenge: string) {
    return {
      expectedChallenge: challenge,
      expectedOrigin: this.config.webauthnOrigin,
      expectedRPID: this.config.webauthnRpId,
    };
  }

  /** The library throws for whatever it does not like; to the person each of these is the same refusal. */
  private async orNull<T>(verify: () => Promise<T>): Promise<T | null> {
    try {
      return await verify();
    } catch (error) {
      this.logger.debug({ reason: error instanceof Error ? error.name : 'unknown' }, 'passkey refused');
      return null;
    }
  }
}

/** None were asked for, and the library would fetch their revocation lists from wherever they say. */
async function assertNoCertificates(response: RegistrationResponseJSON): Promise<void> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  const attestation = decodeAttestationObject(bytesOf(Buffer.from(response.response.attestationObject, 'base64url')));
  if (attestation.get('attStmt').get('x5c')) throw new Error('a certificate came along');
}

function descriptorOf({ credentialId, transports }: Passkey): { id: string; transports: string[] } {
  return { id: credentialId, transports: [...transports] };
}

/** The library asks for bytes over a buffer of their own. */
function bytesOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
