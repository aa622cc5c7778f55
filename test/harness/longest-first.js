import Sequencer from '@jest/test-sequencer';

/** Those that take longest. Jest knows its durations only from a run before, and takes small files for quick ones until then. */
const LONGEST = [
  'faults/faults',
  'demo/demo',
  'call-centre/reference-data',
  'job/kill',
  'snapshot/bad-input',
  'snapshot/after-sealing',
  'notification/kill',
  'notification/faults',
  'platform/schema',
  'attack/requests',
  'identity/processes',
];

/** The longest files begin, so that none of them runs alone at the end while the other worker has nothing left. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const place = ({ path }) => {
      const at = LONGEST.findIndex((name) => path.endsWith(`/${name}.spec.ts`));
      return at === -1 ? LONGEST.length : at;
    };
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
