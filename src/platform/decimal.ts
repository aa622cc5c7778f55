import { Decimal as Library } from 'decimal.js';

/**
 * Exact decimal arithmetic for XEM and prices. The library's own default keeps 20 digits, fewer than 523,000,000.000000
 * times a price with 8 decimals has, and writes small numbers as 1e-8, which PostgreSQL and people would have to guess at.
 */
export const Decimal = Library.clone({ precision: 60, rounding: Library.ROUND_HALF_UP, toExpNeg: -60, toExpPos: 60 });
export type Decimal = Library;
