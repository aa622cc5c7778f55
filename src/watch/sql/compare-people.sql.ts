import type pg from 'pg';
import type { Finding } from '../finding.js';
import { newFindings } from './new-findings.sql.js';

/** A call centre in the morning mistypes some dozen passwords in a quarter of an hour. */
const FAILED_SIGN_INS = 100;
/** Fewer reveals in five minutes than this are one busy caller, whatever came before. */
const REVEALS = 30;
const TIMES_THE_USUAL = 4;

/**
 * What people are up to: somebody who walked through customers (the room that shows them has noticed and recorded it), a
 * wave of failed sign-ins of staff and customers, a jump in reveals against the hour before. Counters and events by their index, the newest only.
 */
export function comparePeople(client: pg.ClientBase): Promise<Finding[]> {
  return newFindings(client, COMPARISON, [FAILED_SIGN_INS, REVEALS, TIMES_THE_USUAL]);
}

const COMPARISON = `
  SELECT 'customers_walked_through', 'event:' || e.id, jsonb_build_object('eventId', e.id::text, 'actorId', e.actor_id)
  FROM (SELECT id, actor_id FROM audit_event WHERE action = 'holder.walked' ORDER BY id DESC LIMIT 100) AS e
  UNION ALL
  SELECT 'sign_ins_fail', 'quarter:' || to_char(date_bin('15 minutes', now(), 'epoch'), 'YYYYMMDDHH24MI'), jsonb_build_object('failed', failed.count)
  FROM (SELECT coalesce(sum(points), 0) AS count FROM sign_in_throttle
        WHERE key ~ '^([a-z-]*address|try-from):' AND expire > extract(epoch FROM now()) * 1000) AS failed
  WHERE failed.count >= $1
  UNION ALL
  SELECT 'reveals_jump', 'quarter:' || to_char(date_bin('15 minutes', now(), 'epoch'), 'YYYYMMDDHH24MI'),
         jsonb_build_object('inFiveMinutes', reveals.recent, 'inTheHourBefore', reveals.before)
  FROM (SELECT count(*) FILTER (WHERE occurred_at > now() - interval '5 minutes') AS recent,
               count(*) FILTER (WHERE occurred_at <= now() - interval '5 minutes') AS before
        FROM (SELECT occurred_at FROM audit_event WHERE action = 'holder.revealed' ORDER BY id DESC LIMIT 5000) AS newest
        WHERE occurred_at > now() - interval '65 minutes') AS reveals
  WHERE reveals.recent >= $2 AND reveals.recent > $3 * reveals.before / 12.0`;
