import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers';

const USER_PRESENT = 0x01;
const ATTESTED = 0x40;

/** What a server asks a browser for, as far as a key looks at it. */
export interface Asked {
  readonly challenge: string;
}

/** Where the browser is; what a server must notice when it is not where it should be. */
interface Site {
  readonly origin?: string;
  readonly rpId?: string;
}

const HERE = { origin: 'http://localhost:3000', rpId: 'localhost' };

/** A real security key and the browser before it, without the plastic: P-256, no attestation, a counter that rises. */
export class SecurityKey {
  readonly id = randomBytes(20).toString('base64url');
  private readonly privateKey: KeyObject;
  private readonly publicKey: Uint8Array;
  private count = 0;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.privateKey = privateKey;
    // COSE: key type EC2, algorithm ES256, curve P-256, and the point.
    const cose = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, isoBase64URL.toBuffer(x)],
      [-3, isoBase64URL.toBuffer(y)],
    ]);
    this.publicKey = isoCBOR.encode(cose);
  }

  /** `navigator.credentials.create()` */
  create({ challenge }: Asked, site: Site = {}): object {
    const { origin, rpId } = { ...HERE, ...site };
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.publicKey]);
    const authData = new Uint8Array(this.authenticatorData(rpId, USER_PRESENT | ATTESTED, attested));
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    return this.credential({
      clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
      attestationObject: Buffer.from(isoCBOR.encode(attestation as never)).toString('base64url'),
      transports: ['usb'],
    });
  }

  /** `navigator.credentials.get()` */
  get({ challenge }: Asked, site: Site = {}): object {
    const { origin, rpId } = { ...HERE, ...site };
    this.count += 1;
    const authenticatorData = this.authenticatorData(rpId, USER_PRESENT);
    const client = clientData('webauthn.get', challenge, origin);
    const signed = Buffer.concat([authenticatorData, createHash('sha256').update(client).digest()]);
    return this.credential({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, this.privateKey).toString('base64url'),
    });
  }

  private authenticatorData(rpId: string, flags: number, attested = Buffer.alloc(0)): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.count);
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), count, attested]);
  }

  private credential(response: object): object {
    return { id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {}, response };
  }
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}
