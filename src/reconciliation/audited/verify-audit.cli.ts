import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import pg from 'pg';
import { readAnchor } from '../../audit/signing/statements.js';
import { runProgram } from '../../platform/installation/program.js';
import { verifyAudit } from './verify-audit.js';

/**
 * `npm run audit:verify`: recomputes the chain and everything it stands for, on the installation or on a copy of it.
 * Reads in one read-only transaction. Exit code 1 and one sentence when something does not fit.
 */
const options = new Command('npm run audit:verify --')
  .description('Verifies the audit chain, and the transfers, decisions and sealed balances it stands for.')
  .option('--database-url <url>', 'a copy to verify, as any role that may read it; without it, this installation')
  .option('--anchor <file>', 'a signed head that was kept outside: proves that nothing up to it was changed or cut off')
  .parse()
  .opts<{ databaseUrl?: string; anchor?: string }>();

if (options.databaseUrl === undefined) await runProgram(({ config }) => verify(config.databaseUrl));
else {
  await verify(options.databaseUrl).catch((error: unknown) => {
    console.error(`Stopped by an error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}

async function verify(url: string): Promise<void> {
  const anchor = options.anchor === undefined ? null : readAnchor(await readFile(options.anchor, 'utf8'));
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    options: '-c default_transaction_read_only=on',
  });
  await client.connect();
  try {
    await client.query('BEGIN');
    const { head, chainId, rows, signedHeads, notes, finding } = await verifyAudit(client, anchor);
    if (finding !== null) {
      console.error(`The audit trail does not fit. The first thing found:\n${finding}`);
      process.exitCode = 1;
      return;
    }
    console.log(
      [
        `Verified: ${head?.seq} links, ${signedHeads} signed heads and ${rows} rows of transfers, decisions and sealed balances.`,
        `The chain ${chainId} ends with ${head?.hash}`,
        ...(anchor
          ? [`Everything up to link ${anchor.seq} is as it was at ${anchor.signedAt}, when it was anchored.`]
          : []),
        ...notes,
      ].join('\n'),
    );
  } finally {
    await client.end();
  }
}
