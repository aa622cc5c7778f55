import { Jobs } from '../../src/platform/jobs/jobs.js';
import { createTestApp, type TestApp } from '../harness/app.js';
import { job, writeExport, type Export, type People } from '../job/job.js';
import { hirePeople } from '../job/people.js';

describe('importing and sealing', () => {
  let server: TestApp;
  let people: People;
  let files: Export;

  beforeAll(async () => {
    server = await createTestApp({ logLevel: 'silent' });
    await server.app.listen(0, '127.0.0.1');
    const url = await server.app.getUrl();
    people = await hirePeople(server, () => url);
    await server.app.get(Jobs).start();
    files = await writeExport(500, 'import');
  });
  afterAll(async () => {
    await files.remove();
    await server.close();
  });

  it('freezes exactly what the file says', async () => {
    const id = await job.import(people, files);
    await job.seal(people, id);
    const { body } = await people.maker.get(`/v1/snapshots/${id}`);
    expect(body).toMatchObject({ status: 'sealed', errorCount: '0' });
    const [row] = await server.database.asSuperuser(
      `SELECT count(*) FILTER (WHERE excluded_reason IS NULL)::int AS payable FROM frozen_balance`,
    );
    expect(row).toEqual({ payable: 500 });
    const again = await people.maker.upload(
      '/v1/snapshots',
      { kind: 'base', asOf: '2018-01-26T23:59:59+09:00', declaredCount: '1', declaredTotalXem: '1' },
      { file: files.holdersFile, exclusions: files.exclusionsFile },
    );
    expect(again).toMatchObject({ status: 409, body: { code: 'snapshot_already_uploaded', snapshotId: id } });
  });
});
