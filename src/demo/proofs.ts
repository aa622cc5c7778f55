import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withClient } from '../platform/database/roles.js';
import { projectRoot } from '../platform/database/project-root.js';
import { runOffline, runOnDemo } from './server.js';
import type { Demo } from './stages/stage.js';
import { auth, type Stop } from './tour-stop.js';

const ASK_AGAIN_MS = 500;

interface Proof {
  readonly proofId: string;
  readonly totals: { readonly creditedJpy: string };
}

interface Places {
  readonly baseUrl: string;
  readonly databaseUrl: string;
}

/** Checked by the program that a customer runs at home: it knows neither server nor database, only the published root. */
export async function proveAtHome(
  demo: Demo,
  { baseUrl, databaseUrl }: Places,
  { accessToken, creditedJpy }: { readonly accessToken: string; readonly creditedJpy: string },
): Promise<Stop> {
  // The clock does it every minute; nobody wants to wait for that in a demo.
  await withClient(databaseUrl, (client) => client.query(`SELECT graphile_worker.add_job('proof-build')`));
  const own = { headers: { Authorization: `Bearer ${accessToken}` }, signal: demo.stop };
  const text = await ownProof(`${baseUrl}/v1/me/proof`, own, creditedJpy);
  const { items } = (await (await fetch(`${baseUrl}/v1/public/proofs?limit=20`, own)).json()) as {
    items: readonly { readonly id: string; readonly root: string }[];
  };
  const root = items.find(({ id }) => id === (JSON.parse(text) as Proof).proofId)?.root ?? '';
  const file = join(demo.folder, 'proof.json');
  await writeFile(file, text, { mode: 0o600 });
  const words = await runOffline('proof/verify-proof.cli.js', [file, root]);
  return {
    title: 'The customer proves at home, against the published root, that the own yen are counted',
    command: `curl -s ${auth('CUSTOMER')} -o proof.json '${baseUrl}/v1/me/proof'
node ${join(projectRoot, 'dist/proof/verify-proof.cli.js')} proof.json ${root}`,
    outcome: words.trim().split('\n').slice(0, 3).join(' '),
  };
}

/** Kept elsewhere, the anchor proves later that nothing up to it was changed or cut off. */
export async function anchorHistory({ folder }: Demo): Promise<Stop> {
  const file = join(folder, 'anchor.json');
  const [anchor, verify] = ['audit/signing/write-anchor.cli.js', 'reconciliation/audited/verify-audit.cli.js'];
  await runOnDemo(folder, anchor, ['--file', file]);
  const since = performance.now();
  const verified = (await runOnDemo(folder, verify, ['--anchor', file])).trim().split('\n');
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  const run = (program: string) => `DATABASE_URL= DATA_DIR=${folder} node ${join(projectRoot, 'dist', program)}`;
  return {
    title: 'The signed head of the audit chain is written down, and all history up to it verified',
    command: `${run(anchor)} --file ${file}\n${run(verify)} --anchor ${file}`,
    outcome: [...verified.filter((line) => !line.startsWith('The chain ')), `It took ${seconds} s.`].join(' '),
  };
}

/** From the tree that was built after the last batch, once it is there. */
async function ownProof(url: string, own: RequestInit, creditedJpy: string): Promise<string> {
  for (;;) {
    const response = await fetch(url, own);
    const text = await response.text();
    if (response.ok && (JSON.parse(text) as Proof).totals.creditedJpy === creditedJpy) return text;
    await pause(ASK_AGAIN_MS, undefined, own.signal ? { signal: own.signal } : {});
  }
}
