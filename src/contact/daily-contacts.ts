import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { Database } from '../platform/database/database.js';
import type { DailyContactsQuery } from './contact.dto.js';
import { DaysOutOfRange } from './contact.errors.js';
import { countContacts } from './sql/count-contacts.sql.js';

const MOST_DAYS = 366;
const DAY_MS = 86_400_000;

/** How many called about what, day by day. */
@Injectable()
export class DailyContacts {
  constructor(private readonly database: Database) {}

  /** UTF-8 with a byte order mark, cells that could be formulas defused. Errors: days_out_of_range. */
  async csv({ from, to }: DailyContactsQuery): Promise<string> {
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days < 1 || days > MOST_DAYS) throw new DaysOutOfRange();
    const counts = await this.database.consistentRead((tx) => countContacts(tx, from, to));
    const rows = counts.map(({ day, topic, contacts, complaints }) => [day, topic, `${contacts}`, `${complaints}`]);
    return stringify([['day', 'topic', 'contacts', 'complaints'], ...rows], {
      bom: true,
      record_delimiter: 'windows',
      escape_formulas: true,
    });
  }
}
