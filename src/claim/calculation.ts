import { Decimal } from '../platform/decimal.js';
import type { Text } from '../platform/problem/domain-error.js';
import type { RoundingRule } from '../rate/rate.amount.js';

const ROUNDED: Readonly<Record<RoundingRule, Text>> = {
  half_up: { en: 'rounded to the nearest yen', ja: '1円未満四捨五入' },
  up: { en: 'rounded up', ja: '1円未満切上げ' },
  down: { en: 'rounded down', ja: '1円未満切捨て' },
};

export interface Factors {
  readonly quantityXem: string;
  readonly priceJpyPerXem: string;
  readonly roundingRule: RoundingRule;
  readonly amountJpy: string;
}

/** How the amount came about, with the exact product, so that a customer can do it again on paper. */
export function calculationText({ quantityXem, priceJpyPerXem, roundingRule, amountJpy }: Factors): Text {
  const [quantity, price] = [new Decimal(quantityXem), new Decimal(priceJpyPerXem)];
  const [q, p, product, yen] = [quantity, price, quantity.times(price), new Decimal(amountJpy)].map(grouped);
  const { en, ja } = ROUNDED[roundingRule];
  return {
    en: `${q} XEM × ${p} JPY = ${product} JPY, ${en}: ${yen} JPY`,
    ja: `${q} XEM × ${p}円 = ${product}円、${ja}: ${yen}円`,
  };
}

/** Digits in groups of three before the point; nothing is rounded. */
export function grouped(number: Decimal | string): string {
  const [whole = '', decimals] = new Decimal(number).toFixed().split('.');
  const groups = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? groups : `${groups}.${decimals}`;
}
