import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';

/** The key of an installation that vouches for the head of its chain. */
export class SigningKey {
  readonly publicKey: Buffer;
  /** By which people and tables name it. */
  readonly id: string;

  private constructor(private readonly privateKey: KeyObject) {
    this.publicKey = rawPublicKey(privateKey);
    this.id = keyIdOf(this.publicKey);
  }

  static generate(): SigningKey {
    return new SigningKey(generateKeyPairSync('ed25519').privateKey);
  }

  /** Null when there is no such file. Errors: it holds something else than an Ed25519 key. */
  static async read(file: string): Promise<SigningKey | null> {
    const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (pem === null) return null;
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${file} does not hold an Ed25519 key`);
    return new SigningKey(key);
  }

  /** Readable by its owner alone. Of two processes that write at once one is first; what is there is never replaced. */
  async keep(file: string): Promise<void> {
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, this.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    try {
      await link(draft, file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(draft, { force: true });
    }
  }

  sign(statement: string): Buffer {
    return sign(null, Buffer.from(statement), this.privateKey);
  }
}

export function keyIdOf(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16);
}

export function signatureHolds(statement: string, publicKey: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(publicKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(statement), key, signature);
}

function rawPublicKey(privateKey: KeyObject): Buffer {
  return Buffer.from(String(createPublicKey(privateKey).export({ format: 'jwk' }).x), 'base64url');
}
