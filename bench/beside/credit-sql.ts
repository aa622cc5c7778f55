import type pg from 'pg';

export type Side = 'beside_sql' | 'beside_floor' | 'beside_orm' | 'beside_plpgsql';

/**
 * A copy of approved claims, wallets and the account they are paid from, in a schema of its own: the product's columns, keys and
 * CHECKs, and half of each page free, so that the updates touch no index. No triggers.
 */
const create = (side: Side, limit: number) => `
  DROP SCHEMA IF EXISTS ${side} CASCADE;
  CREATE SCHEMA ${side};
  CREATE TABLE ${side}.ledger_account (LIKE ledger_account INCLUDING ALL) WITH (fillfactor = 50);
  CREATE TABLE ${side}.ledger_transfer (LIKE ledger_transfer INCLUDING ALL);
  CREATE TABLE ${side}.claim (LIKE claim INCLUDING ALL) WITH (fillfactor = 50);
  INSERT INTO ${side}.claim (id, holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy, status, version)
  OVERRIDING SYSTEM VALUE
  SELECT id, holder_id, frozen_balance_id, rate_id, wallet_account_id, quantity_xem, price_jpy_per_xem, rounding_rule, amount_jpy, 'approved', 1
  FROM claim WHERE status IN ('approved', 'credited') AND NOT held ORDER BY id LIMIT ${limit};
  INSERT INTO ${side}.ledger_account (id, kind, holder_id, balance_jpy) OVERRIDING SYSTEM VALUE
  SELECT id, kind, holder_id, CASE kind WHEN 'approved_uncredited' THEN 9e15::bigint ELSE 0 END FROM ledger_account
  WHERE holder_id IS NULL OR id IN (SELECT wallet_account_id FROM ${side}.claim) ORDER BY id`;

const foreignKeys = (side: Side) => `
  ALTER TABLE ${side}.ledger_transfer ADD FOREIGN KEY (debit_account_id) REFERENCES ${side}.ledger_account (id),
    ADD FOREIGN KEY (credit_account_id) REFERENCES ${side}.ledger_account (id),
    ADD FOREIGN KEY (reference_id) REFERENCES ${side}.claim (id);
  ALTER TABLE ${side}.claim ADD FOREIGN KEY (wallet_account_id) REFERENCES ${side}.ledger_account (id),
    ADD FOREIGN KEY (holder_id) REFERENCES holder (id)`;

/** The floor has no CHECK either, and no index but the primary keys and the one that keeps a claim from being paid twice. */
const bare = (side: Side) => `
  ALTER TABLE ${side}.ledger_transfer DROP CONSTRAINT ledger_transfer_amount_positive, DROP CONSTRAINT ledger_transfer_label_length,
    DROP CONSTRAINT ledger_transfer_between_two_accounts;
  ALTER TABLE ${side}.claim DROP CONSTRAINT claim_amount_is_quantity_times_price, DROP CONSTRAINT claim_id_check,
    DROP CONSTRAINT claim_quantity_xem_check, DROP CONSTRAINT claim_price_jpy_per_xem_check;
  ALTER TABLE ${side}.ledger_account DROP CONSTRAINT ledger_account_never_below_zero, DROP CONSTRAINT ledger_account_wallets_have_holders`;

/** Three statements over whole tables, in the order of ids, so that pages are read and written one after another, and one commit. */
const credit = (side: Side) => `
  BEGIN;
  INSERT INTO ${side}.ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
  SELECT 'credit', (SELECT id FROM ${side}.ledger_account WHERE kind = 'approved_uncredited'), c.wallet_account_id, c.amount_jpy, c.id, current_date, 'NEM補償金'
  FROM ${side}.claim c WHERE c.status = 'approved' ORDER BY c.id;
  UPDATE ${side}.ledger_account a SET balance_jpy = a.balance_jpy + c.amount_jpy FROM ${side}.claim c WHERE c.wallet_account_id = a.id AND c.status = 'approved';
  UPDATE ${side}.ledger_account SET balance_jpy = balance_jpy - (SELECT sum(amount_jpy) FROM ${side}.claim WHERE status = 'approved') WHERE kind = 'approved_uncredited';
  UPDATE ${side}.claim SET status = 'credited', version = version + 1 WHERE status = 'approved';
  COMMIT`;

/** Prisma looks for types where it looks for tables; indexes over the old types are dropped and those of credits made anew. */
const ORM_TYPES = `
  DO $$ BEGIN
    EXECUTE (SELECT string_agg(format('CREATE TYPE beside_orm.%I AS ENUM (%s)', t.typname,
               (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)), ';')
             FROM pg_type t WHERE t.typname IN ('account_kind', 'transfer_kind', 'claim_status', 'rounding_rule') AND t.typnamespace = 'public'::regnamespace);
  END $$;
  DO $$ BEGIN
    EXECUTE (SELECT string_agg(format('DROP INDEX beside_orm.%I', indexname), ';') FROM pg_indexes
             WHERE schemaname = 'beside_orm' AND indexdef ~ '\\m(kind|status)\\M');
  END $$;
  ALTER TABLE beside_orm.ledger_transfer ALTER kind TYPE beside_orm.transfer_kind USING kind::text::beside_orm.transfer_kind;
  CREATE UNIQUE INDEX ON beside_orm.ledger_transfer (reference_id) WHERE kind = 'credit';
  CREATE INDEX ON beside_orm.ledger_transfer (credit_account_id) WHERE kind = 'credit';
  ALTER TABLE beside_orm.ledger_account ALTER kind TYPE beside_orm.account_kind USING kind::text::beside_orm.account_kind;
  ALTER TABLE beside_orm.claim ALTER status DROP DEFAULT, ALTER status TYPE beside_orm.claim_status USING status::text::beside_orm.claim_status,
    ALTER rounding_rule TYPE beside_orm.rounding_rule USING rounding_rule::text::beside_orm.rounding_rule`;

/** What most would write: one function per transfer that locks, checks and updates. */
const FUNCTION = `
  CREATE FUNCTION beside_plpgsql.credit(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    paid beside_plpgsql.claim%ROWTYPE;
    source beside_plpgsql.ledger_account%ROWTYPE;
  BEGIN
    SELECT * INTO paid FROM beside_plpgsql.claim WHERE id = wanted FOR UPDATE;
    SELECT * INTO source FROM beside_plpgsql.ledger_account WHERE kind = 'approved_uncredited' AND holder_id IS NULL FOR UPDATE;
    PERFORM FROM beside_plpgsql.ledger_account WHERE id = paid.wallet_account_id FOR UPDATE;
    IF paid.status <> 'approved' OR paid.held OR source.balance_jpy < paid.amount_jpy THEN
      RAISE EXCEPTION 'claim % cannot be credited', wanted;
    END IF;
    INSERT INTO beside_plpgsql.ledger_transfer (kind, debit_account_id, credit_account_id, amount_jpy, reference_id, posting_date, label)
    VALUES ('credit', source.id, paid.wallet_account_id, paid.amount_jpy, paid.id, current_date, 'NEM補償金');
    UPDATE beside_plpgsql.ledger_account SET balance_jpy = balance_jpy - paid.amount_jpy WHERE id = source.id;
    UPDATE beside_plpgsql.ledger_account SET balance_jpy = balance_jpy + paid.amount_jpy WHERE id = paid.wallet_account_id;
    UPDATE beside_plpgsql.claim SET status = 'credited', version = version + 1 WHERE id = paid.id;
  END $$`;
const PLPGSQL_CHUNK = 1_000;

/** Makes the tables of one side ready; answers how many claims wait there. */
export async function prepareCredit(sql: pg.Client, side: Side, limit: number): Promise<number> {
  await sql.query(create(side, limit));
  if (side === 'beside_floor' || side === 'beside_orm') await sql.query(bare(side));
  if (side === 'beside_orm') await sql.query(ORM_TYPES);
  if (side !== 'beside_floor') await sql.query(foreignKeys(side));
  if (side === 'beside_plpgsql') await sql.query(FUNCTION);
  await sql.query(`ANALYZE ${side}.claim, ${side}.ledger_account`);
  const { rows } = await sql.query<{ claims: string }>(`SELECT count(*) AS claims FROM ${side}.claim`);
  return Number(rows[0]?.claims);
}

export async function creditAtOnce(sql: pg.Client, side: Side): Promise<void> {
  await sql.query(credit(side));
}

export async function creditByFunction(sql: pg.Client): Promise<void> {
  const { rows } = await sql.query<{ id: string }>('SELECT id FROM beside_plpgsql.claim ORDER BY id');
  for (let from = 0; from < rows.length; from += PLPGSQL_CHUNK) {
    const ids = rows.slice(from, from + PLPGSQL_CHUNK).map(({ id }) => id);
    await sql.query('SELECT beside_plpgsql.credit(id) FROM unnest($1::bigint[]) AS id', [ids]);
  }
}
