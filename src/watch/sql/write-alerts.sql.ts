import type pg from 'pg';
import { stopsCrediting, type Finding } from '../finding.js';

/** Writes one alert per finding; one that is there already is left as it is. Answers those that are new. */
export async function writeAlerts(
  client: Pick<pg.ClientBase, 'query'>,
  findings: readonly Finding[],
): Promise<{ readonly id: string; readonly kind: string; readonly subject: string }[]> {
  const { rows } = await client.query<{ id: string; kind: string; subject: string }>(
    `INSERT INTO watch_alert (kind, subject, evidence, stops_crediting)
     SELECT kind, subject, evidence, stops FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::boolean[]) AS found (kind, subject, evidence, stops)
     ON CONFLICT (kind, subject) DO NOTHING RETURNING id, kind, subject`,
    [
      findings.map(({ kind }) => kind),
      findings.map(({ subject }) => subject),
      findings.map(({ evidence }) => JSON.stringify(evidence)),
      findings.map(stopsCrediting),
    ],
  );
  return rows;
}

/** Findings that nobody was told of before. */
export async function unknownFindings(
  client: Pick<pg.ClientBase, 'query'>,
  findings: readonly Finding[],
): Promise<Finding[]> {
  if (findings.length === 0) return [];
  const { rows } = await client.query<{ nth: string }>(
    `SELECT min(found.nth) AS nth FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS found (kind, subject, nth)
     WHERE NOT EXISTS (SELECT FROM watch_alert a WHERE a.kind = found.kind AND a.subject = found.subject)
     GROUP BY found.kind, found.subject`,
    [findings.map(({ kind }) => kind), findings.map(({ subject }) => subject)],
  );
  const fresh = new Set(rows.map(({ nth }) => Number(nth) - 1));
  return findings.filter((_finding, index) => fresh.has(index));
}
