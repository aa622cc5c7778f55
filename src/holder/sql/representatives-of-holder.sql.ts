import type { InJson } from '../../platform/json.js';
import type { ShownRepresentative } from '../representatives.js';

/**
 * Who else may be spoken to about one holder, as JSON: those that are confirmed, also before and after their days, and those that
 * wait for a second person; oldest first, null if there are none. For the statement that reads whole pages: it has a row `asked`
 * with `holder_id`. Locks nothing.
 */
export const REPRESENTATIVES_OF_HOLDER = `
  (SELECT json_agg(json_build_object('id', r.id::text, 'kind', r.kind, 'name', r.name, 'papers', r.papers,
     'validFrom', r.valid_from, 'validTo', r.valid_to, 'status', r.status) ORDER BY r.id)
   FROM representative r WHERE r.holder_id = asked.holder_id AND r.status IN ('proposed', 'confirmed'))`;

export function representativesOfHolder(found: unknown): ShownRepresentative[] {
  return ((found ?? []) as InJson<ShownRepresentative>[]).map((row) => ({
    ...row,
    id: BigInt(row.id),
    validFrom: new Date(row.validFrom),
    validTo: row.validTo === null ? null : new Date(row.validTo),
  }));
}
