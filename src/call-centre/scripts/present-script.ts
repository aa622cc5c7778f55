import type { Text } from '../../platform/problem/domain-error.js';
import { fillIn, type Facts } from './fill-in.js';
import type { ScriptRow } from './script.repository.js';
import type { FittingScriptView, ScriptVersionView, ScriptView } from './script.views.js';
import type { ScriptTitles } from './sql/read-script-titles.sql.js';
import { SITUATIONS, type Situation } from './situations.js';

/** A script as agents read it: with facts, or as written without any. */
export function scriptView(row: ScriptRow, facts: Facts | null): ScriptView {
  const { textEn: en, textJa: ja } = row;
  return {
    for: row.situation as Situation,
    version: row.version,
    title: titleOf(row),
    text: facts === null ? { en, ja } : { en: fillIn(en, facts, 'en'), ja: fillIn(ja, facts, 'ja') },
    escalation: escalationOf(row),
    releasedAt: row.releasedAt?.toISOString() ?? '',
  };
}

export function scriptVersionView(row: ScriptRow): ScriptVersionView {
  return {
    id: row.id,
    for: row.situation as Situation,
    version: row.version,
    status: row.status,
    title: titleOf(row),
    text: { en: row.textEn, ja: row.textJa },
    escalation: escalationOf(row),
    writtenBy: row.writtenBy,
    createdAt: row.createdAt.toISOString(),
    releasedAt: row.releasedAt?.toISOString() ?? null,
  };
}

/** Those in use for these situations, as links, in the order of the situations. */
export function fittingScripts(
  titles: ScriptTitles,
  situations: readonly Situation[],
  customerNo: string,
): FittingScriptView[] {
  return situations.flatMap((situation) => {
    const row = titles.find((script) => script.situation === situation);
    return row
      ? [{ for: situation, title: titleOf(row), href: `/v1/scripts?for=${situation}&customerNo=${customerNo}` }]
      : [];
  });
}

/** In the order of a menu. */
export function inMenuOrder(rows: readonly ScriptRow[]): ScriptRow[] {
  const place = ({ situation }: ScriptRow) => SITUATIONS.indexOf(situation as Situation);
  return rows.toSorted((a, b) => place(a) - place(b));
}

function titleOf({ titleEn: en, titleJa: ja }: ScriptTitles[number]): Text {
  return { en, ja };
}

function escalationOf({ escalationEn: en, escalationJa: ja }: ScriptRow): Text | null {
  return en === null || ja === null ? null : { en, ja };
}
