import type { Pool } from 'pg';
import type { ScriptRow } from '../script.repository.js';

/** Of the scripts in use, what a link to them shows. */
export type ScriptTitles = readonly Pick<ScriptRow, 'situation' | 'titleEn' | 'titleJa'>[];

/** The newest released version for each situation; there are a few dozen. Locks nothing. */
export async function readScriptTitles(statements: Pool): Promise<ScriptTitles> {
  const { rows } = await statements.query<ScriptTitles[number]>({
    name: 'read-script-titles',
    text: `
      SELECT DISTINCT ON (situation) situation, title_en AS "titleEn", title_ja AS "titleJa" FROM script
      WHERE status = 'released' ORDER BY situation, version DESC`,
  });
  return rows;
}
