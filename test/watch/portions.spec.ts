import { rm } from 'node:fs/promises';
import pg from 'pg';
import { pino } from 'pino';
import { readSettings } from '../../src/platform/config/config.js';
import { Watch } from '../../src/watch/watch.js';
import { createAuditedProgramme, type AuditedProgramme } from '../reconciliation/audited-programme.js';

/** As if there had been so many before: the slice that a round compares whoever wrote it is far away from where these are. */
const FIRST_ID = 1_000_000;
const PORTION = 7;

/** Written by somebody who owns the machine. */
const BY_FORCE = 'SET session_replication_role = replica;';
/** All wallets together hold what they held. */
const moveOneYen = (from: string, to: string) => `
  ${BY_FORCE}
  UPDATE ledger_account SET balance_jpy = balance_jpy + CASE id WHEN (${to}) THEN 1 ELSE -1 END WHERE id IN ((${from}), (${to}))`;
const wallet = (which: string) => `SELECT ${which}(credit_account_id) FROM ledger_transfer WHERE kind = 'credit'`;

describe('a watch that has more to compare than it does in one round', () => {
  let programme: AuditedProgramme;
  let watch: Watch;

  beforeAll(async () => {
    programme = await createAuditedProgramme({ holders: 40, restStaysApproved: true, firstId: FIRST_ID });
    // The sign of life that lets tests credit without a watch has seen more than there is.
    await asSuperuser(`${BY_FORCE} UPDATE watch_heartbeat SET transfer_id = 0`);
    watch = new Watch(programme.server.database.watchUrl, readSettings({}), pino({ level: 'silent' }), PORTION);
  }, 120_000);
  afterAll(async () => {
    await watch.close();
    await programme.server.close();
    await rm(programme.folder, { recursive: true, force: true });
  });

  const asSuperuser = (sql: string) => programme.server.database.asSuperuser<Record<string, string>>(sql);
  const differingWallets = () =>
    asSuperuser(`SELECT split_part(subject, ':', 2) AS id FROM watch_alert WHERE kind = 'wallet_differs' ORDER BY 1`);
  const seen = async () => (await asSuperuser('SELECT transfer_id FROM watch_heartbeat'))[0]?.transfer_id;
  const lastTransfer = async () => (await asSuperuser('SELECT max(id) AS id FROM ledger_transfer'))[0]?.id;
  /** Round after round until nothing is left; answers after how many of them something was. */
  const catchUp = async () => {
    let behind = 0;
    while ((await watch.round()) === 'behind') behind++;
    return behind;
  };

  it('says what it has seen only when it is through, and finds nothing in what people did as they should', async () => {
    const before = await seen();
    expect(await watch.round()).toBe('behind');
    expect(await seen()).toBe(before);
    expect(await catchUp()).toBeGreaterThanOrEqual(Math.floor(40 / PORTION) - 1);
    expect(await seen()).toBe(await lastTransfer());
    expect(await asSuperuser('SELECT kind FROM watch_alert')).toEqual([]);
  });

  it('finds what was written before it and behind it', async () => {
    await asSuperuser('UPDATE watch_position SET compared_xid = 0');
    expect(await watch.round()).toBe('behind');
    const [first] = await asSuperuser(wallet('min'));
    const [last] = await asSuperuser(wallet('max'));
    await asSuperuser(moveOneYen(wallet('max'), wallet('min')));
    // What is written while a sweep is under way is for the next one.
    await catchUp();
    await catchUp();
    expect(await differingWallets()).toEqual([{ id: first?.min }, { id: last?.max }]);
  });

  it('does not compare again and again what is written beside one that takes long, and meets that one when it ends', async () => {
    await catchUp();
    const found = await differingWallets();
    const slow = new pg.Client(programme.server.database.superuserUrl);
    await slow.connect();
    try {
      const [third] = await asSuperuser(`${wallet('min')} AND credit_account_id > 3 + (${wallet('min')})`);
      // Within a savepoint, so that its rows bear a number of their own.
      await slow.query(`BEGIN; ${BY_FORCE} SAVEPOINT inside;
        UPDATE ledger_account SET balance_jpy = balance_jpy + 5 WHERE id = ${third?.min}; RELEASE inside`);
      await asSuperuser(`${BY_FORCE} UPDATE claim SET amount_jpy = amount_jpy`);
      expect(await catchUp()).toBeGreaterThanOrEqual(1);
      expect(await watch.round()).toBe('abreast');
      await slow.query('COMMIT');
      await catchUp();
      expect(await differingWallets()).toEqual(
        [...found, { id: third?.min }].sort((a, b) => (a.id ?? '').localeCompare(b.id ?? '')),
      );
    } finally {
      await slow.end();
    }
  });

  it('goes on from there when it is started again, and begins anew in a database of another life', async () => {
    await asSuperuser('UPDATE watch_position SET compared_xid = 0');
    await watch.round();
    await watch.round();
    const sweptTo = async () => (await asSuperuser('SELECT sweep_claim_after AS id FROM watch_position'))[0]?.id;
    const before = await sweptTo();
    const other = new Watch(programme.server.database.watchUrl, readSettings({}), pino({ level: 'silent' }), PORTION);
    try {
      await other.round();
      expect(BigInt((await sweptTo()) ?? 0)).toBeGreaterThan(BigInt(before ?? 0));
      await asSuperuser('UPDATE watch_position SET sweep_until_xid = 9000000000000000000');
      await other.round();
      expect(BigInt((await sweptTo()) ?? 0)).toBeLessThanOrEqual(BigInt(before ?? 0));
    } finally {
      await other.close();
    }
  });
});
