import { makeKey, RELEASE_KEYS, releaseFolder } from '../release-keys.js';
import { haveApproved, type ApprovalRequest } from './have-approved.js';
import type { Stage } from './stage.js';

export const registerKeys: Stage = {
  name: 'keys',
  title: 'Two release keys are made offline and registered',
  async run(demo, bar) {
    bar.expect(3 * RELEASE_KEYS.length, 'steps');
    for (const label of RELEASE_KEYS) {
      const { publicKey, fingerprint } = await makeKey(demo.folder, label);
      bar.step();
      const { approvalRequest } = await demo.people
        .as('compliance1')
        .change<{ approvalRequest: ApprovalRequest }>(`register ${label}`, '/v1/release-keys', () => ({
          publicKey,
          label,
        }));
      bar.step();
      await haveApproved(demo, bar, approvalRequest, ['compliance2']);
      bar.note(`${label}: ${fingerprint}`);
    }
    bar.note(
      `The private halves are in ${releaseFolder(demo.folder)}, encrypted; both must sign above 100,000,000 JPY`,
    );
  },
};
