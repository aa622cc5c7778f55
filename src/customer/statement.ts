import { createHash } from 'node:crypto';
import type { Text } from '../platform/problem/domain-error.js';
import { grouped } from '../claim/calculation.js';
import type { CustomerClaimView } from './customer.views.js';

/** What a statement says, line by line; both languages stand side by side. */
export interface Statement {
  /** Claim number and a check over the content: an agent finds the claim by it and sees whether the content is still this. */
  readonly statementNo: string;
  readonly lines: readonly { readonly label: Text; readonly value: Text }[];
  readonly notes: readonly Text[];
}

/** Whose tax office is asked: the general note holds for individuals who live in Japan. */
export type TaxGroup = 'individual' | 'company' | 'abroad';

const same = (text: string): Text => ({ en: text, ja: text });

const NO_TAX_WITHHELD = { en: 'No tax was withheld.', ja: '源泉徴収は行っていません。' };
const TAX_NOTES: Readonly<Record<TaxGroup, Text>> = {
  individual: {
    en: `${NO_TAX_WITHHELD.en} How such amounts are treated in general is described by the National Tax Agency, Tax Answer No. 1525. For your own case ask your tax office.`,
    ja: `${NO_TAX_WITHHELD.ja}一般的な取扱いは国税庁タックスアンサー No.1525 に示されています。お客様個別の税務については、所轄の税務署にお尋ねください。`,
  },
  company: {
    en: `${NO_TAX_WITHHELD.en} For companies other rules hold than for individuals. Ask your tax office or tax accountant.`,
    ja: `${NO_TAX_WITHHELD.ja}法人のお客様の取扱いは個人のお客様と異なります。所轄の税務署または顧問税理士にお尋ねください。`,
  },
  abroad: {
    en: `${NO_TAX_WITHHELD.en} If you live outside Japan, ask the tax office of the country where you live.`,
    ja: `${NO_TAX_WITHHELD.ja}日本国外にお住まいのお客様は、お住まいの国の税務当局にお尋ねください。`,
  },
};

/**
 * The statement of a claim as it is now. The year is the calendar year of the posting date, in which the amount reached the
 * wallet. Nothing here says what kind of money it is: that is the tax office's to say.
 */
export function statementOf(claim: CustomerClaimView, group: TaxGroup): Statement {
  const { customerNo, claimNo, state, quantity, amount, credit } = claim;
  const lines = [
    { label: { en: 'Customer number', ja: 'お客様番号' }, value: same(customerNo) },
    { label: { en: 'Claim number', ja: '補償番号' }, value: same(claimNo ?? '-') },
    { label: { en: 'State', ja: '状況' }, value: state.text },
    ...(quantity
      ? [
          { label: { en: 'Quantity', ja: '保有数量' }, value: same(`${grouped(quantity.quantityXem)} XEM`) },
          { label: { en: 'Counted as of', ja: '基準日時' }, value: instantText(quantity.asOf) },
        ]
      : []),
    ...(amount
      ? [
          { label: { en: 'Compensation per XEM', ja: '1XEMあたりの補償額' }, value: yen(amount.priceJpyPerXem) },
          { label: { en: 'Calculation', ja: '計算' }, value: amount.calculation },
          { label: { en: 'Amount', ja: '補償額' }, value: yen(amount.amountJpy) },
        ]
      : []),
    ...(credit
      ? [
          { label: { en: 'Posting date', ja: '反映日' }, value: same(credit.postingDate) },
          { label: { en: 'Calendar year', ja: '反映日の属する年' }, value: yearText(credit.postingDate) },
          { label: { en: 'Posted to', ja: '反映先' }, value: { en: 'JPY balance', ja: '日本円残高' } },
          { label: { en: 'Label', ja: '摘要' }, value: same(credit.label) },
        ]
      : []),
  ];
  const check = createHash('sha256').update(JSON.stringify(lines)).digest('hex').slice(0, 8).toUpperCase();
  return {
    statementNo: `${claimNo ?? customerNo}-${check}`,
    lines,
    notes: [...(credit ? [TAX_NOTES[group]] : [claim.next]), claim.warning],
  };
}

const yen = (amount: string): Text => ({ en: `${grouped(amount)} JPY`, ja: `${grouped(amount)}円` });
const yearText = (date: string): Text => ({ en: date.slice(0, 4), ja: `${date.slice(0, 4)}年` });

/** In Japan's time, to the second, as the announcement counted. */
function instantText(iso: string): Text {
  const jst = new Date(new Date(iso).getTime() + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  return { en: `${jst} JST`, ja: `${jst}(日本時間)` };
}
