import fc from 'fast-check';
import { dammDigit, formatClaimNo, parseClaimNo } from '../../src/claim/claim-no.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

const body = fc.stringMatching(/^\d{11}$/);

describe('claim numbers', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('find every single wrong digit and every swap of two neighbours', () => {
    fc.assert(
      fc.property(body, fc.nat(11), fc.nat(9), (digits, at, digit) => {
        const claimNo = digits + dammDigit(digits);
        const wrong = claimNo.slice(0, at) + String(digit) + claimNo.slice(at + 1);
        expect(parseClaimNo(wrong) !== null).toBe(wrong === claimNo);
        if (at < 11) {
          const swapped = claimNo.slice(0, at) + claimNo.charAt(at + 1) + claimNo.charAt(at) + claimNo.slice(at + 2);
          expect(parseClaimNo(swapped) !== null).toBe(swapped === claimNo);
        }
      }),
    );
  });

  it('are read as people write them', () => {
    fc.assert(
      fc.property(body, (digits) => {
        const claimNo = digits + dammDigit(digits);
        expect(parseClaimNo(formatClaimNo(claimNo))).toBe(claimNo);
        expect(parseClaimNo(` ${claimNo.slice(0, 4)} ${claimNo.slice(4)} `)).toBe(claimNo);
      }),
    );
    for (const text of ['', '12345678901', '1234567890123', '12345678901a', '１２３４５６７８９０１２'])
      expect(parseClaimNo(text)).toBeNull();
  });

  it('are made by the database with the same check digit, one to one', async () => {
    const rows = await database.asApp<{ id: string; claim_no: string }>(
      'SELECT id, claim_no_of(id) AS claim_no FROM generate_series(1, 20000) AS id UNION ALL SELECT id, claim_no_of(id) FROM generate_series(999990000, 999999999) AS id',
    );
    expect(new Set(rows.map((row) => row.claim_no)).size).toBe(rows.length);
    for (const row of rows) expect(parseClaimNo(row.claim_no)).toBe(row.claim_no);
  });
});
