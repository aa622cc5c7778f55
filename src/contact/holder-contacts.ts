import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import type { Actor } from '../platform/http/request-context.js';
import { ContactRepository, type ContactRow } from './contact.repository.js';
import { NoteRepository, type NoteRow } from './note.repository.js';
import { findOpenNotes } from './sql/find-open-notes.sql.js';
import { readOpenContacts, wasCheckLocked, type OpenContact } from './sql/read-open-contacts.sql.js';

const LAST_CONTACTS = 3;
const MOST_OPEN_NOTES = 10;

/** What somebody on the phone needs to know of the contacts about one holder. */
export interface ContactsAtHand {
  /** The newest contact that this agent has open about this holder. */
  readonly own: OpenContact | null;
  /** Its caller passed the check, and may be told: name, kana and amount are open to its agent. */
  readonly isOpened: boolean;
  /** Who is on this holder now, this agent too. */
  readonly open: readonly OpenContact[];
  readonly last: readonly ContactRow[];
  readonly openNotes: readonly NoteRow[];
  /** Within a day a caller failed three times to be this holder. */
  readonly checkLocked: boolean;
}

/** The contacts of one holder as a colleague may see them, for the page that shows the holder. */
@Injectable()
export class HolderContacts {
  constructor(
    private readonly contacts: ContactRepository,
    private readonly notes: NoteRepository,
  ) {}

  async atHand(tx: Tx, viewer: Actor, holderId: bigint): Promise<ContactsAtHand> {
    const open = await readOpenContacts(tx, holderId, viewer);
    const own = open.findLast((contact) => contact.own) ?? null;
    return {
      own,
      isOpened: own !== null && own.passed && own.entitled,
      open,
      last: (await this.contacts.ofHolder(tx, holderId, viewer.role, LAST_CONTACTS, null)).slice(0, LAST_CONTACTS),
      openNotes: await this.openNotes(tx, viewer, holderId),
      checkLocked: await wasCheckLocked(tx, holderId, viewer.role),
    };
  }

  private async openNotes(tx: Tx, { role }: Actor, holderId: bigint): Promise<readonly NoteRow[]> {
    const ids = await findOpenNotes(tx, holderId, role, MOST_OPEN_NOTES);
    return ids.length === 0 ? [] : this.notes.these(tx, ids);
  }
}
