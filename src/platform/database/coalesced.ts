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
  let underWay: Promise<void> | null = null;
  // Not before all that has arrived by now is read: of those who come together, the first would otherwise go alone.
  const soon = (dispatch: () => void) => void setImmediate(dispatch);
  const loader = new DataLoader<K, V | null>(
    (keys) => {
      const reading = read(keys);
      const rest = () => {
        if (underWay === over) underWay = null;
      };
      const over: Promise<void> = reading.then(rest, rest);
      underWay = over;
      return reading;
    },
    {
      cache: false,
      maxBatchSize: MOST_KEYS,
      batchScheduleFn: (dispatch) => (underWay ? void underWay.then(() => soon(dispatch)) : soon(dispatch)),
    },
  );
  return (key) => loader.load(key);
}
