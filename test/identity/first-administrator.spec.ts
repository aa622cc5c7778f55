import { StaffService } from '../../src/identity/staff.service.js';
import { createTestApp } from '../harness/app.js';

describe('the first two administrators', () => {
  it('are made once, also by 10 at the same time', async () => {
    const fresh = await createTestApp();
    try {
      const operator = { actor: { id: 'operator', role: 'operator' }, requestId: 'test' };
      const tries = Array.from({ length: 10 }, (_, n) =>
        fresh.app
          .get(StaffService, { strict: false })
          .createFirstAdministrator(operator, { login: `root.${n}`, displayName: 'Root' }),
      );
      const settled = await Promise.allSettled(tries);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      for (const result of settled)
        if (result.status === 'rejected')
          expect(result.reason).toMatchObject({ problem: { code: 'administrator_exists' } });
      // One whose token was never used does not lock the installation out for ever.
      await fresh.database.asSuperuser('UPDATE staff SET activation_expires_at = now()');
      await expect(
        fresh.app
          .get(StaffService, { strict: false })
          .createFirstAdministrator(operator, { login: 'root.again', displayName: 'Root' }),
      ).resolves.toMatchObject({ role: 'administrator' });
    } finally {
      await fresh.close();
    }
  });
});
