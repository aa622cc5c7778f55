import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { HOLDER_COLUMNS } from '../../src/demo/holders/write-holders.js';

/**
 * One table that takes the file as it is: its columns, a primary key, the unique keys of holder and frozen balance, and the
 * same search indexes, over the values as they stand in the file. Nothing is checked that COPY does not check by itself,
 * nothing is folded for searching, and nothing else is written.
 */
const CREATE = `
  DROP SCHEMA IF EXISTS beside_copy CASCADE;
  CREATE SCHEMA beside_copy;
  CREATE TABLE beside_copy.holder_balance (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_no text NOT NULL UNIQUE, kind holder_kind NOT NULL, name text COLLATE "C", name_kana text COLLATE "C",
    email text COLLATE "C", phone text COLLATE "C", birth_date date, country char(2) NOT NULL, language holder_language NOT NULL,
    account_status account_status NOT NULL, identity_status identity_status NOT NULL,
    available_xem numeric(20, 6), in_order_xem numeric(20, 6), lent_xem numeric(20, 6), in_transit_xem numeric(20, 6),
    quantity_xem numeric(20, 6) NOT NULL, snapshot_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000001',
    UNIQUE (snapshot_id, customer_no));
  CREATE INDEX ON beside_copy.holder_balance (name);
  CREATE INDEX ON beside_copy.holder_balance (split_part(name, ' ', 2));
  CREATE INDEX ON beside_copy.holder_balance (name_kana);
  CREATE INDEX ON beside_copy.holder_balance (split_part(name_kana, ' ', 2));
  CREATE INDEX ON beside_copy.holder_balance (email);
  CREATE INDEX ON beside_copy.holder_balance (phone);
  CREATE INDEX ON beside_copy.holder_balance USING gin (name_kana gin_trgm_ops)`;

export async function prepareCopy(sql: pg.Client): Promise<void> {
  await sql.query(CREATE);
}

export async function copyFile(sql: pg.Client, file: string): Promise<void> {
  const into = `COPY beside_copy.holder_balance (${HOLDER_COLUMNS.join(', ')}) FROM STDIN WITH (FORMAT csv, HEADER)`;
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), sql.query(copyFrom(into)));
}
