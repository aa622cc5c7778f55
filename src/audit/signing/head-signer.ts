import { rename, rm } from 'node:fs/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Audit, type AuditContext } from '../audit.js';
import { SigningKey } from './signing-key.js';
import { ANCHOR_FORMAT, headStatement, successionStatement, type Anchor } from './statements.js';

const EVERY_MINUTE = 'audit-sign-head';
const NOW = 'audit-sign-head-now';

/** Why no head can be signed, in a sentence for whoever runs the installation. */
export class CannotSign extends Error {}

/** Signs the head of the chain: every minute in which it moved, and whenever money begins or ends to be released. */
@Injectable()
export class HeadSigner implements OnModuleInit {
  private readonly logger = new Logger('HeadSigner');

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.jobs.every(EVERY_MINUTE, '* * * * *', () => this.signOrSayWhyNot());
    this.jobs.register(NOW, () => this.signOrSayWhyNot());
  }

  /** The head is signed as soon as this transaction, and with it its events, is committed. */
  async request(tx: Tx): Promise<void> {
    await this.jobs.add(tx, NOW, {}, { jobKey: NOW });
  }

  /** A head that was signed already is not signed again. Errors: CannotSign. */
  sign(): Promise<Anchor> {
    return this.database.transaction(async (tx) => {
      await lockKeys(tx);
      const key = await this.currentKey(tx);
      const { chainId, seq, hash } = await readHead(tx);
      const known = await tx.auditSignedHead.findUnique({ where: { seq } });
      if (known) return this.anchorOf(tx, chainId, known);
      const signedAt = new Date();
      const statement = { chainId, seq: seq.toString(), hash, signedAt: signedAt.toISOString(), keyId: key.id };
      const signature = key.sign(headStatement(statement));
      await tx.auditSignedHead.create({
        select: { seq: true },
        data: {
          seq,
          hash: bytes(Buffer.from(hash, 'hex')),
          signedAt,
          keyId: key.id,
          signature: bytes(signature),
        },
      });
      const publicKey = key.publicKey.toString('hex');
      return { format: ANCHOR_FORMAT, ...statement, publicKey, signature: signature.toString('hex') };
    });
  }

  /**
   * Puts a new key into the place of the present one, which vouches for it and is then gone. `lost`: there is nobody to
   * vouch; every verification says so from then on. Answers the new key's id. Errors: CannotSign.
   */
  async rotate(context: AuditContext, { lost }: { lost: boolean }): Promise<string> {
    const file = this.keyFile();
    const id = await this.database.transaction(async (tx) => {
      await lockKeys(tx);
      const last = await lastKey(tx);
      if (last === null)
        throw new CannotSign('There is no key yet: the first one is made when the first head is signed.');
      const present = lost ? null : await this.currentKey(tx);
      const { chainId } = await readHead(tx);
      await settleInterrupted(file, last.id);
      const next = SigningKey.generate();
      await next.keep(nextOf(file));
      const signature = present?.sign(successionStatement(chainId, next.publicKey)) ?? null;
      await tx.auditSigningKey.create({
        select: { id: true },
        data: {
          id: next.id,
          publicKey: bytes(next.publicKey),
          previousKeyId: last.id,
          signature: signature && bytes(signature),
        },
      });
      await this.audit.record(tx, context, {
        action: lost ? 'signing_key.replaced' : 'signing_key.rotated',
        subjectType: 'signing_key',
        subjectId: next.id,
        before: { keyId: last.id },
        after: { keyId: next.id },
      });
      return next.id;
    });
    await rename(nextOf(file), file);
    return id;
  }

  private async signOrSayWhyNot(): Promise<void> {
    try {
      await this.sign();
    } catch (error) {
      if (!(error instanceof CannotSign)) throw error;
      this.logger.warn(`the head of the audit chain was not signed: ${error.message}`);
    }
  }

  /** The key whose turn it is; the first one is made here, when it is needed. */
  private async currentKey(tx: Tx): Promise<SigningKey> {
    const file = this.keyFile();
    const last = await lastKey(tx);
    if (last === null) return this.firstKey(tx, file);
    // A rotation that was interrupted after its commit has left the new key beside its place.
    for (const candidate of [file, nextOf(file)]) {
      const key = await SigningKey.read(candidate);
      if (key?.id === last.id) return key;
    }
    throw new CannotSign(
      `The key ${last.id} is not in ${file}. Put it back from where it is kept, or, if it is lost, run npm run audit:rotate-key -- --lost.`,
    );
  }

  private async firstKey(tx: Tx, file: string): Promise<SigningKey> {
    await SigningKey.generate().keep(file);
    const key = await SigningKey.read(file);
    if (key === null) throw new CannotSign(`${file} could not be read after it was written.`);
    await tx.auditSigningKey.create({ select: { id: true }, data: { id: key.id, publicKey: bytes(key.publicKey) } });
    return key;
  }

  private keyFile(): string {
    const file = this.config.auditSigningKeyFile;
    if (file === null) throw new CannotSign('AUDIT_SIGNING_KEY_FILE is not set.');
    return file;
  }

  private async anchorOf(
    tx: Tx,
    chainId: string,
    row: { seq: bigint; hash: Uint8Array; signedAt: Date; keyId: string; signature: Uint8Array },
  ): Promise<Anchor> {
    const key = await tx.auditSigningKey.findUniqueOrThrow({ where: { id: row.keyId } });
    return {
      format: ANCHOR_FORMAT,
      chainId,
      seq: row.seq.toString(),
      hash: hex(row.hash),
      signedAt: row.signedAt.toISOString(),
      keyId: row.keyId,
      publicKey: hex(key.publicKey),
      signature: hex(row.signature),
    };
  }
}

const nextOf = (file: string): string => `${file}.next`;
const hex = (column: Uint8Array): string => Buffer.from(column).toString('hex');
const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => Uint8Array.from(buffer);

/** A rotation that ended after its commit is completed, one that ended before it is forgotten. */
async function settleInterrupted(file: string, lastId: string): Promise<void> {
  const next = await SigningKey.read(nextOf(file));
  if (next?.id === lastId) await rename(nextOf(file), file);
  else await rm(nextOf(file), { force: true });
}

/** One key follows another, and one head is signed once, however many processes try. */
async function lockKeys(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('audit_signing', 0))`;
}

/** The one that no other has followed. */
function lastKey(tx: Tx): Promise<{ id: string } | null> {
  return tx.auditSigningKey.findFirst({ where: { followedBy: { is: null } }, select: { id: true } });
}

async function readHead(tx: Tx): Promise<{ chainId: string; seq: bigint; hash: string }> {
  const first = await tx.auditLink.findUniqueOrThrow({ where: { seq: 0n } });
  const head = await tx.auditLink.findFirstOrThrow({ orderBy: { seq: 'desc' } });
  return { chainId: hex(first.hash), seq: head.seq, hash: hex(head.hash) };
}
