import { dayOf } from '../platform/clock/jst.js';
import { calculationText } from '../claim/calculation.js';
import { claimView, withdrawalRestriction } from '../claim/claim.service.js';
import { checkStateOf } from '../contact/caller-check.state.js';
import type { ContactsAtHand } from '../contact/holder-contacts.js';
import type { ObjectionView } from '../contact/objection.dto.js';
import { colleagueViews, contactView } from '../contact/present-contact.js';
import { noteView } from '../contact/present-note.js';
import type { OpenContact } from '../contact/sql/read-open-contacts.sql.js';
import { maskEmail, maskName, maskPhone } from '../holder/masking.js';
import { representativeView, type RepresentativeRow } from '../holder/representatives.js';
import { actionsFor } from './actions.js';
import type { HolderRow } from './call-centre.repository.js';
import type { ClaimBatchView, HolderClaimView, HolderView, OwnCallView } from './call-centre.views.js';
import type { Obstacles } from './sql/read-obstacles.sql.js';
import { whyNotCredited } from './why-not-credited.js';
import { REASONS } from './why-not-credited-texts.js';

export interface HolderPage {
  readonly holder: HolderRow;
  readonly obstacles: Obstacles;
  readonly contacts: ContactsAtHand;
  readonly objections: ObjectionView[];
  readonly representatives: readonly RepresentativeRow[];
  readonly role: string;
  readonly now: Date;
}

/** What an open contact opens once its caller has passed the check. */
const OPENED = ['name', 'nameKana', 'amountJpy'] as const;

/** The page of a holder as staff of this role see it now. */
export function holderView(page: HolderPage): HolderView {
  const { holder, obstacles, contacts, objections, representatives, role, now } = page;
  const claims = holder.claims.map((claim) => holderClaimView(claim, obstacles, role));
  const shown = contacts.isOpened ? (name: string | null) => name : maskName;
  return {
    customerNo: holder.customerNo,
    kind: holder.kind,
    name: shown(holder.name),
    nameKana: shown(holder.nameKana),
    email: maskEmail(holder.email),
    phone: maskPhone(holder.phone),
    country: holder.country,
    language: holder.language,
    accountStatus: holder.accountStatus,
    identityStatus: holder.identityStatus,
    withdrawalRestriction: withdrawalRestriction(holder),
    claims,
    call: contacts.own && callView(contacts.own, contacts.isOpened),
    alsoHere: colleagueViews(contacts.open),
    callerCheckLocked: contacts.checkLocked,
    lastContacts: contacts.last.map(contactView),
    openNotes: contacts.openNotes.map(noteView),
    objections,
    representatives: representatives.map((row) => representativeView(row, now, contacts.isOpened)),
    actions: actionsFor(role, {
      customerNo: holder.customerNo,
      claims,
      own: contacts.own,
      hasOpenObjection: objections.some(({ outcome }) => outcome === null),
    }),
  };
}

function callView(own: OpenContact, isOpened: boolean): OwnCallView {
  const { passed, failed, locked } = checkStateOf(own);
  return {
    contactId: own.id.toString(),
    caller: own.caller,
    openedAt: own.openedAt.toISOString(),
    expiresAt: own.expiresAt.toISOString(),
    callerCheck: { passed, failed, locked },
    mayBeTold: isOpened ? [...OPENED] : [],
  };
}

function holderClaimView(
  claim: HolderRow['claims'][number],
  { waiting, contactChanged, heldOtherwise, signaturesMissing, fundJpy }: Obstacles,
  role: string,
): HolderClaimView {
  const solvesContacts = REASONS.contact_changed.solvedBy.some((solver) => solver === role);
  const view = claimView(claim);
  const reasons = whyNotCredited({
    status: claim.status,
    underReview: solvesContacts ? heldOtherwise.includes(claim.id) : claim.held,
    contactChanged: solvesContacts && contactChanged.includes(claim.id),
    amountJpy: claim.amountJpy,
    decisionWaits: waiting.includes(claim.id),
    fundShort: fundJpy < claim.amountJpy,
    batch: claim.batchItems[0]?.batch.status ?? null,
    signaturesMissing: signaturesMissing.includes(claim.id),
  });
  return {
    ...view,
    calculation: calculationText({ ...view, roundingRule: claim.roundingRule }),
    creditBatch: batchView(claim.batchItems[0]),
    whyNotCredited: reasons.map((code) => ({ code, ...REASONS[code], solvedBy: [...REASONS[code].solvedBy] })),
  };
}

function batchView(item: HolderRow['claims'][number]['batchItems'][number] | undefined): ClaimBatchView | null {
  if (!item) return null;
  const { batch, seq } = item;
  return {
    id: batch.id.toString(),
    status: batch.status,
    label: batch.label,
    postingDate: dayOf(batch.postingDate),
    place: seq.toString(),
    itemCount: batch.itemCount.toString(),
  };
}
