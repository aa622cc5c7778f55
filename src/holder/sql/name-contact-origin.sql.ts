import type { Tx } from '../../platform/database/database.js';

/** Says, for the rest of the transaction, where changes of contacts come from: `staff:…`, `holder_update:…` or `sign_in:…`. */
export async function nameContactOrigin(tx: Tx, origin: string): Promise<void> {
  await tx.$queryRaw`SELECT set_config('henkin.contact_origin', ${origin}, true)`;
}
