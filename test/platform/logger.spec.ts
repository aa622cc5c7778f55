import { describeError } from '../../src/platform/observability/logger.js';
import { createTestDatabase, type TestDatabase } from '../harness/database.js';

describe('what a log says about an error', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('names the constraint that the database refused by, and nothing of the row', async () => {
    await database.asSuperuser('CREATE TABLE canary (name text CHECK (length(name) < 3))');
    const error: unknown = await database.asSuperuser(`INSERT INTO canary VALUES ('佐藤 カナリア')`).then(
      () => null,
      (refused: unknown) => refused,
    );
    expect(String((error as { detail?: unknown }).detail)).toContain('カナリア');
    const described = describeError(error);
    expect(described).toMatchObject({ sqlstate: '23514', constraint: 'canary_name_check', message: null });
    expect(JSON.stringify(described)).not.toContain('カナリア');
  });

  it('keeps the message and the place of our own errors', () => {
    expect(describeError(new TypeError('no such hall'))).toMatchObject({
      type: 'TypeError',
      message: 'no such hall',
      stack: expect.stringContaining('logger.spec') as unknown,
    });
  });
});
