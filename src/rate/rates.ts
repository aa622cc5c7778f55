import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { Decimal } from '../platform/decimal.js';
import type { RoundingRule } from './rate.amount.js';
import { RateRepository } from './rate.repository.js';

export interface EffectiveRate {
  readonly id: string;
  readonly priceJpyPerXem: Decimal;
  readonly roundingRule: RoundingRule;
  readonly wordingVersion: number;
}

/** What rooms to the right ask about the rate. */
@Injectable()
export class Rates {
  constructor(private readonly rates: RateRepository) {}

  /** The rate at which claims are opened; null while none is effective. */
  async effective(tx: Tx): Promise<EffectiveRate | null> {
    const row = await this.rates.findEffective(tx);
    return (
      row && {
        id: row.id,
        priceJpyPerXem: new Decimal(row.priceJpyPerXem.toFixed()),
        roundingRule: row.roundingRule,
        wordingVersion: row.wordingVersion,
      }
    );
  }
}
