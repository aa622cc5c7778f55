import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../src/platform/database/prisma.js';

/** As it is written everywhere: for each claim a transaction that reads, checks, creates the transfer and updates two rows. */
export async function creditByOrm(databaseUrl: string): Promise<number> {
  const prisma = new PrismaClient({ adapter: new PrismaPg(databaseUrl, { schema: 'beside_orm' }) });
  try {
    const source = await prisma.ledgerAccount.findFirstOrThrow({ where: { kind: 'approved_uncredited' } });
    const waiting = await prisma.claim.findMany({ where: { status: 'approved' }, select: { id: true } });
    const began = performance.now();
    for (const { id } of waiting) await creditOne(prisma, id, source.id);
    return (performance.now() - began) / 1000;
  } finally {
    await prisma.$disconnect();
  }
}

async function creditOne(prisma: PrismaClient, id: bigint, debitAccountId: bigint): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const claim = await tx.claim.findUniqueOrThrow({ where: { id } });
    if (claim.status !== 'approved' || claim.held) throw new Error(`Claim ${id} cannot be credited.`);
    const { walletAccountId: creditAccountId, amountJpy } = claim;
    const [postingDate, label] = [new Date(), 'NEM補償金'];
    await tx.ledgerTransfer.create({
      data: { kind: 'credit', debitAccountId, creditAccountId, amountJpy, referenceId: id, postingDate, label },
    });
    await tx.ledgerAccount.update({ where: { id: creditAccountId }, data: { balanceJpy: { increment: amountJpy } } });
    await tx.claim.update({ where: { id }, data: { status: 'credited', version: { increment: 1 } } });
  });
}
