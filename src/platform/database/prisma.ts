import { Prisma } from './generated/client.js';

/** The generated client under one name, so that only this file knows where it is generated. */
export * from './generated/client.js';

// Prisma carries its own copy of the decimal library; its numbers too are exact and never written as 1e-8.
Prisma.Decimal.set({ precision: 60, toExpNeg: -60, toExpPos: 60 });
