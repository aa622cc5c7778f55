import DataLoader from 'dataloader';

/** More keys than this in one statement save nothing any more, and make whoever came first wait for all. */
const MOST_KEYS = 100;

/**
 * One statement for all who ask at the same time. Whoever asks while a statement is under way waits for the next one, which
 * takes everybody who came meanwhile: without a rush that is nobody, in a rush it is dozens, and each of them costs a
 * fraction of a statement. Nothing is kept: every answer was read after its question had arrived. `read` answers in the
 * order of the keys; what it throws reaches everybody whose key it was given.
 */
export function coalesced<K, V>(read: (keys: readonly K[]) => Promise<(V | null)[]>): (key: K) => Promise<V | null> {
  let underWay: Promise<unknown> = Promise.resolve();
  const loader = new DataLoader<K, V | null>(
    (keys) => {
      const reading = read(keys);
      underWay = reading.catch(() => undefined);
      return reading;
    },
    { cache: false, maxBatchSize: MOST_KEYS, batchScheduleFn: (dispatch) => void underWay.then(dispatch) },
  );
  return (key) => loader.load(key);
}
