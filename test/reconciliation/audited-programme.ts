import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { ProofBuilder } from '../../src/proof/proof-builder.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { expectedTotalJpy } from '../job/books.js';
import { job, writeExport, type People } from '../job/job.js';
import { hirePeople } from '../job/people.js';

export interface AuditedProgramme {
  readonly server: TestApp;
  readonly people: People;
  /** Holds the signing key; for the caller to remove. */
  readonly folder: string;
}

/**
 * A small programme as people make it: sealed, funded, decided in a run and one by one, credited in two batches, with its
 * trees. With `restStaysApproved` only the first batch is made; its claims and accounts are numbered from `firstId` on.
 */
export async function createAuditedProgramme({
  holders = 40,
  restStaysApproved = false,
  firstId = 1,
} = {}): Promise<AuditedProgramme> {
  const folder = await mkdtemp(join(tmpdir(), 'henkin-audited-'));
  const server = await createTestApp({ auditSigningKeyFile: join(folder, 'key.pem') });
  await server.database.asSuperuser(
    `SELECT setval(pg_get_serial_sequence(numbered, 'id'), $1) FROM unnest(ARRAY['claim', 'ledger_account', 'ledger_transfer']) AS numbered WHERE $1 > 1`,
    [firstId],
  );
  await server.app.listen(0, '127.0.0.1');
  const url = (await server.app.getUrl()).replace('[::1]', '127.0.0.1');
  const people = await hirePeople(server, () => url);
  await server.app.get(Jobs).start();
  const files = await writeExport(holders, 'audited');
  try {
    await job.seal(people, await job.import(people, files));
    await job.rate(people);
    // Whoever reads a transfer's label anew has to put it into JSON as the database did.
    const reference = '"TEST" \\ 振込/0001';
    await job.fund(people, expectedTotalJpy([BigInt(holders) * 2_011_000_000n]) * 2n, reference);
    await job.open(people);
    const single = await server.database.asSuperuser<{ claim_no: string }>(
      `SELECT claim_no FROM claim WHERE NOT held AND amount_jpy BETWEEN 1 AND 1000000 ORDER BY id LIMIT 1`,
    );
    const decided = await people.officer.post(`/v1/claims/${single[0]?.claim_no}/decisions`, {
      decision: 'approve',
      reasonCode: 'balance_confirmed',
      reasonText: 'Checked by hand.',
    });
    if (decided.status !== 200) throw new Error(JSON.stringify(decided.body));
    await job.approveAll(people);
    await job.untilCompleted(people, await job.startBatch(people, { sampleSize: 5 }));
    if (!restStaysApproved) await job.untilCompleted(people, await job.startBatch(people));
    await server.app.get(ProofBuilder).buildMissing(new AbortController().signal);
  } finally {
    await files.remove();
  }
  return { server, people, folder };
}
