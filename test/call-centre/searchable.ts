import { drawPerson } from '../../src/demo/holders/person.js';
import { Random } from '../../src/demo/holders/random.js';
import { searchKeysOf } from '../../src/holder/search-key.js';
import type { TestDatabase } from '../harness/database.js';

export interface Planted {
  readonly customerNo: string;
  readonly name: string;
  readonly nameKana: string;
  readonly email: string;
  readonly phone: string;
  readonly birthDate: string;
}

/** People whom callers are, each with something that makes the search hard. */
export const PLANTED: readonly Planted[] = (
  [
    ['P01', '大野 梓紗', 'オオノ アズサ', 'azusa.ohno@example.org', '090-7001-5678', '1980-04-12'],
    ['P02', '髙﨑 𠮷乃', 'タカサキ ヨシノ', 'yoshino@example.org', '03-5700-0001', '1975-12-31'],
    ['P03', '渡邉 譲二', 'ワタナベ ジョウジ', 'george.w@example.org', '+81 80 7002 0002', '1990-01-02'],
    ['P04', '齋藤 優一', 'サイトウ ユウイチ', 'yuichi_s@example.org', '070-7003-0003', '1969-07-20'],
    ['P05', '濵田 真一', 'ハマダ シンイチ', 'hamada%test@example.org', '090 7004 0004', '1988-02-29'],
    [
      'P06',
      '株式会社 月影製薬',
      'カブシキガイシャ ツキカゲセイヤク',
      'info@tsukikage.example.org',
      '06-7005-0005',
      '2001-05-05',
    ],
    ['P07', '㈱北極星', 'カ)ホッキョクセイ', 'desk@polaris.example.org', '011-700-6006', '1999-09-09'],
    ['P08', 'Zaphod Quillfeather', '', 'zaphod@example.com', '+1 212 555 0188', '1970-06-15'],
    ['P09', '本間 順平', 'ホンマ ジュンペイ', 'junpei@example.org', '090-7007-0007', '1983-03-03'],
    ['P10', '新妻 京子', 'ニイヅマ キョウコ', 'kyoko.n@example.org', '080-7008-0008', '1979-11-11'],
    ['P11', '勅使河原 龍之介', 'テシガワラ リュウノスケ', 'ryu@example.org', '090-7009-0009', '1965-08-08'],
    ['P12', '佐藤 誠', 'サトウ マコト', 'makoto.5678@example.org', '090-7010-9753', '1971-04-19'],
    ['P13', '佐藤 誠', 'サトウ マコト', 'makoto.0412@example.org', '090-7010-8642', '1992-10-07'],
    ['P14', '小鳥遊 つばさ', 'タカナシ ツバサ', 'tsubasa@example.org', '080-7011-0011', '1996-06-06'],
    ['P15', 'ひらがなだけ はなこ', 'ヒラガナダケ ハナコ', 'hanako.h@example.org', '070-7012-0012', '2000-02-02'],
  ] as const
).map(([customerNo, name, nameKana, email, phone, birthDate]) => ({
  customerNo,
  name,
  nameKana,
  email,
  phone,
  birthDate,
}));

/** The planted people among so many others that an index is the only way; keys as the import makes them. */
export async function populate(database: TestDatabase, others: number): Promise<void> {
  const random = Random.for('search', 'people');
  const made = Array.from({ length: others }, (_, n) => ({ customerNo: `G${n}`, ...drawPerson(random, n + 1) }));
  const rows = [...PLANTED, ...made].map((person) => {
    const { customerNo, name, nameKana, email, phone, birthDate } = person;
    const keys = searchKeysOf({ name, reading: nameKana, email, phone });
    return [customerNo, name, nameKana, email, phone, birthDate, ...Object.values(keys)].map((text) => text || null);
  });
  const columns = Array.from({ length: 12 }, (_, column) => rows.map((row) => row[column] ?? null));
  await database.asSuperuser(
    `WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
       AS t (customer_no, name, name_kana, email, phone, birth_date, nk, gnk, rk, grk, ek, pk)),
     people AS (INSERT INTO holder (customer_no, kind, name, name_kana, email, phone, birth_date, country, language, account_status, identity_status)
       SELECT customer_no, 'individual', name, name_kana, email, phone, birth_date, 'JP', 'ja', 'open', 'none' FROM given RETURNING id, customer_no)
     INSERT INTO holder_search_key (holder_id, name_key, given_name_key, reading_key, given_reading_key, email_key, phone_key)
     SELECT id, nk, gnk, rk, grk, ek, pk FROM given JOIN people USING (customer_no)`,
    columns,
  );
  // As autovacuum does after an import.
  await database.asSuperuser('VACUUM ANALYZE holder, holder_search_key');
}
