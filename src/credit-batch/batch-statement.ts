import { readStatement, type StatementFields } from '../release/release-statement.js';
import { grouped, inJapan, inWords, type ToldStatement } from '../release/told-statement.js';

export const BATCH_STATEMENT = 'credit_batch';

const YEN = /^(0|[1-9]\d{0,17})$/;
const SHA256 = /^[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Everything that the statement about a batch says, in its order, and how it is written. */
const SHAPES = {
  format: /./,
  kind: /^credit_batch$/,
  subjectId: YEN,
  count: YEN,
  totalJpy: YEN,
  itemsRoot: SHA256,
  contentHash: SHA256,
  label: /^[^\p{Cc}]{1,40}$/u,
  postingDate: /^\d{4}-\d{2}-\d{2}$/,
  notBefore: INSTANT,
  approvedUncreditedJpy: YEN,
  compensationFundJpy: YEN,
  expiresAt: INSTANT,
  nonce: /^[0-9a-f]{32}$/,
} as const;

export type BatchStatement = StatementFields & Readonly<Record<keyof typeof SHAPES, string>>;

/** Null unless it says all that a statement about a batch says, and nothing else. */
export function batchStatementIn(text: string): BatchStatement | null {
  const fields = readStatement(text);
  if (!fields || Object.keys(fields).join() !== Object.keys(SHAPES).join()) return null;
  const fits = Object.entries(SHAPES).every(([name, shape]) => shape.test(fields[name] ?? ''));
  return fits ? (fields as BatchStatement) : null;
}

/** As a person reads it before signing. */
export function tellBatch(statement: BatchStatement): ToldStatement {
  const { subjectId, count, totalJpy, label, postingDate, notBefore, expiresAt, itemsRoot } = statement;
  return {
    title: '一括反映の実行 / A CREDIT BATCH is released for execution',
    lines: [
      ['一括反映 / batch', subjectId],
      ['件数 / claims', `${grouped(count)} 件`],
      ['合計 / total', `${grouped(totalJpy)} 円 / JPY`],
      ['　', `${inWords(totalJpy)} yen`],
      ['摘要 / label', label],
      ['反映日 / posting date', postingDate],
      ['開始 / not before', inJapan(notBefore)],
      ['支払決定済未反映 / approved, uncredited', `${grouped(statement.approvedUncreditedJpy)} 円 / JPY`],
      ['補償原資 / compensation fund', `${grouped(statement.compensationFundJpy)} 円 / JPY`],
      ['有効期限 / valid until', inJapan(expiresAt)],
      ['明細のハッシュ / root over the items', itemsRoot],
      ['承認内容 / approved content', statement.contentHash],
    ],
    confirmation: { asked: '合計(円) / the total in yen', answer: totalJpy },
  };
}
