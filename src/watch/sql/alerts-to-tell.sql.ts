import type pg from 'pg';
import type { WatchChannel } from '../../platform/database/prisma.js';
import type { FindingKind } from '../finding.js';

/** An alert as people and machines are told of it. */
export interface AlertToTell {
  readonly id: string;
  readonly kind: FindingKind;
  readonly subject: string;
  readonly stopsCrediting: boolean;
  readonly raisedAt: Date;
}

const MOST_AT_ONCE = 50;

/** The oldest alerts, of at least this age, of which nobody was told in this way yet. Locks nothing: better told twice than never. */
export async function alertsToTell(
  database: Pick<pg.Pool, 'query'>,
  channel: WatchChannel,
  olderThanSeconds: number,
): Promise<AlertToTell[]> {
  const { rows } = await database.query<AlertToTell>(
    `SELECT a.id, a.kind, a.subject, a.stops_crediting AS "stopsCrediting", a.raised_at AS "raisedAt" FROM watch_alert a
     WHERE NOT EXISTS (SELECT FROM watch_notice n WHERE n.alert_id = a.id AND n.channel = $1::watch_channel)
       AND (a.kind = 'watch_absent' OR a.raised_at <= clock_timestamp() - make_interval(secs => $2))
     ORDER BY a.id LIMIT ${MOST_AT_ONCE}`,
    [channel, olderThanSeconds],
  );
  return rows;
}

/** These were told of; somebody else may have told of them as well. */
export async function noteTold(
  database: Pick<pg.Pool, 'query'>,
  channel: WatchChannel,
  alerts: readonly AlertToTell[],
): Promise<void> {
  await database.query(
    `INSERT INTO watch_notice (alert_id, channel) SELECT unnest($1::bigint[]), $2::watch_channel ON CONFLICT DO NOTHING`,
    [alerts.map(({ id }) => id), channel],
  );
}
