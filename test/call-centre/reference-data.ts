import { appendFile } from 'node:fs/promises';
import { holderRows } from '../../src/demo/holders/holder-rows.js';
import type { Person } from '../../src/demo/holders/person.js';
import { DEFAULT_PLAN } from '../../src/demo/options.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import type { TestApp } from '../harness/app.js';
import { job, writeExport } from '../job/job.js';
import { hirePeople } from '../job/people.js';
import { row } from '../snapshot/uploads.js';
import { PLANTED } from './searchable.js';

export interface ReferenceHolder extends Person {
  readonly customerNo: string;
}

const PLANTED_MICRO_XEM = 10_000_000n;

/** The holders of the reference case, as the demo makes them, in the order of the file. */
export function* referenceHolders(): Generator<ReferenceHolder> {
  for (const { customerNo, person } of holderRows(DEFAULT_PLAN)) yield { customerNo, ...person };
}

/** The export of the reference case with the planted people at its end, imported as the main job does it. */
export async function importReferenceCase(server: TestApp): Promise<void> {
  await server.app.listen(0, '127.0.0.1');
  const url = (await server.app.getUrl()).replace('[::1]', '127.0.0.1');
  const people = await hirePeople(server, () => url);
  await server.app.get(Jobs).start();
  const { holders, seed, total } = DEFAULT_PLAN;
  const files = await writeExport(holders, seed, total / 1_000_000n);
  try {
    const planted = PLANTED.map(({ customerNo, name, nameKana, email, phone, birthDate }) =>
      row(customerNo, { name, name_kana: nameKana, email, phone, birth_date: birthDate }),
    );
    await appendFile(files.holdersFile, `${planted.join('\n')}\n`);
    const add = ({ count, total: sum }: { count: number; total: bigint }) => ({
      count: count + planted.length,
      total: sum + BigInt(planted.length) * PLANTED_MICRO_XEM,
    });
    const { whole, payable, excluded } = files.totals;
    await job.import(people, { ...files, totals: { whole: add(whole), payable: add(payable), excluded } });
  } finally {
    await files.remove();
  }
}

/**
 * A claim for every payable balance, in all states that claims without a batch have; held ones openly and confidentially.
 * Written as superuser with guards off, because how claims get there is tested elsewhere.
 */
export async function arrangeReferenceClaims({ database }: TestApp): Promise<void> {
  await database.asSuperuser(
    `WITH off AS (SELECT set_config('session_replication_role', 'replica', false)),
     wording AS (INSERT INTO legal_wording (ja, en) SELECT '補償', 'compensation' FROM off RETURNING version),
     price AS (
       INSERT INTO rate (price_jpy_per_xem, method, window_start, window_end, rounding_rule, source_text, wording_version, status, proposed_by, effective_at)
       SELECT 88.549, 'VWAP', '2018-01-26T12:09:00+09:00', '2018-01-27T23:00:00+09:00', 'half_up', 'notice', version, 'effective',
              (SELECT id FROM staff LIMIT 1), now() FROM wording RETURNING *),
     wallet AS (
       INSERT INTO ledger_account (kind, holder_id) SELECT 'customer_wallet', holder_id FROM off, frozen_balance WHERE excluded_reason IS NULL
       RETURNING id, holder_id)
     INSERT INTO claim (holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy, status, held, version)
     SELECT b.holder_id, b.id, r.id, w.id, b.quantity_xem, r.price_jpy_per_xem, r.rounding_rule, round_jpy(b.quantity_xem * r.price_jpy_per_xem, r.rounding_rule),
            ('{credited,credited,approved,pending,pending,rejected}'::claim_status[])[1 + b.id % 6], b.id % 6 = 4, 1
     FROM price r, frozen_balance b JOIN wallet w ON w.holder_id = b.holder_id ORDER BY b.id`,
  );
  await database.asSuperuser(
    `WITH off AS (SELECT set_config('session_replication_role', 'replica', false))
     INSERT INTO claim_hold (claim_id, visibility, status, reason_code, reason_text, content_hash)
     SELECT id, (CASE WHEN id % 2 = 0 THEN 'confidential' ELSE 'open' END)::hold_visibility, 'active',
            CASE WHEN id % 2 = 0 THEN 'sanctions' WHEN id % 3 = 0 THEN 'contact_changed' ELSE 'other' END, 'Why.', repeat('a', 64)
     FROM off, claim WHERE held`,
  );
  // As autovacuum does after an import.
  await database.asSuperuser('VACUUM ANALYZE holder, holder_search_key, claim, claim_hold');
}
