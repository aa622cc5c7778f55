import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Passkey } from './passkeys.js';

export interface EnrolledFactors {
  readonly totp: { readonly createdAt: Date } | null;
  readonly passkeys: readonly {
    readonly id: string;
    readonly name: string;
    readonly createdAt: Date;
    readonly lastUsedAt: Date | null;
  }[];
  readonly recoveryCodesLeft: number;
}

/** The second factors of accounts: what is kept of them, and that each use is one. */
@Injectable()
export class FactorRepository {
  /** Null when the account has no authenticator app. */
  async sealedTotpSecret(tx: Tx, staffId: string): Promise<string | null> {
    const row = await tx.staffTotp.findUnique({ where: { staffId }, select: { sealedSecret: true } });
    return row?.sealedSecret ?? null;
  }

  /** One statement decides: of many uses of one code, or of an older one after it, the first wins. */
  async spendTotpStep(tx: Tx, staffId: string, step: bigint): Promise<boolean> {
    const changed = await tx.$executeRaw`
      UPDATE staff_totp SET last_used_step = ${step} WHERE staff_id = ${staffId}::uuid AND last_used_step < ${step}`;
    return changed === 1;
  }

  /** In place of the former app, if there is one: its codes work no more. */
  async setTotp(tx: Tx, staffId: string, sealedSecret: string, lastUsedStep: bigint): Promise<void> {
    await tx.$executeRaw`
      INSERT INTO staff_totp (staff_id, sealed_secret, last_used_step) VALUES (${staffId}::uuid, ${sealedSecret}, ${lastUsedStep})
      ON CONFLICT (staff_id) DO UPDATE SET sealed_secret = EXCLUDED.sealed_secret, last_used_step = EXCLUDED.last_used_step, created_at = now()`;
  }

  async passkeys(tx: Tx, staffId: string): Promise<(Passkey & { readonly id: string })[]> {
    return tx.staffPasskey.findMany({
      where: { staffId },
      orderBy: { id: 'asc' },
      select: { id: true, credentialId: true, publicKey: true, signCount: true, transports: true },
    });
  }

  /** False when the key signed something else in the meantime. */
  async usePasskey(tx: Tx, id: string, before: bigint, next: bigint): Promise<boolean> {
    const changed = await tx.$executeRaw`
      UPDATE staff_passkey SET sign_count = ${next}, last_used_at = now() WHERE id = ${id}::uuid AND sign_count = ${before}`;
    return changed === 1;
  }

  /** False when the key belongs to an account already, whichever. */
  async addPasskey(tx: Tx, staffId: string, name: string, passkey: Passkey): Promise<boolean> {
    const { credentialId, publicKey, signCount, transports } = passkey;
    const { count } = await tx.staffPasskey.createMany({
      data: [
        { staffId, name, credentialId, publicKey: new Uint8Array(publicKey), signCount, transports: [...transports] },
      ],
      skipDuplicates: true,
    });
    return count === 1;
  }

  async hasRecoveryCode(tx: Tx, staffId: string): Promise<boolean> {
    return (await tx.staffRecoveryCode.count({ where: { staffId, usedAt: null } })) > 0;
  }

  async spendRecoveryCode(tx: Tx, staffId: string, codeHash: string): Promise<boolean> {
    const changed = await tx.$executeRaw`
      UPDATE staff_recovery_code SET used_at = now()
      WHERE code_hash = ${codeHash} AND staff_id = ${staffId}::uuid AND used_at IS NULL`;
    return changed === 1;
  }

  /** The former ones work no more. */
  async replaceRecoveryCodes(tx: Tx, staffId: string, hashes: readonly string[]): Promise<void> {
    await tx.staffRecoveryCode.deleteMany({ where: { staffId } });
    await tx.staffRecoveryCode.createMany({ data: hashes.map((codeHash) => ({ staffId, codeHash })) });
  }

  /** What the account can prove itself with, as its owner sees it. */
  async list(tx: Tx, staffId: string): Promise<EnrolledFactors> {
    const totp = await tx.staffTotp.findUnique({ where: { staffId }, select: { createdAt: true } });
    const passkeys = await tx.staffPasskey.findMany({
      where: { staffId },
      orderBy: { id: 'asc' },
      select: { id: true, name: true, createdAt: true, lastUsedAt: true },
    });
    const recoveryCodesLeft = await tx.staffRecoveryCode.count({ where: { staffId, usedAt: null } });
    return { totp, passkeys, recoveryCodesLeft };
  }

  /** False when there is none. The database keeps the last factor of an account. */
  async removeTotp(tx: Tx, staffId: string): Promise<boolean> {
    return (await tx.staffTotp.deleteMany({ where: { staffId } })).count === 1;
  }

  /** False when the account has no such passkey. */
  async removePasskey(tx: Tx, staffId: string, id: string): Promise<boolean> {
    return (await tx.staffPasskey.deleteMany({ where: { id, staffId } })).count === 1;
  }

  /** All of them: whoever lost one has to begin anew. */
  async removeAll(tx: Tx, staffId: string): Promise<void> {
    await tx.staffTotp.deleteMany({ where: { staffId } });
    await tx.staffPasskey.deleteMany({ where: { staffId } });
    await tx.staffRecoveryCode.deleteMany({ where: { staffId } });
  }
}
