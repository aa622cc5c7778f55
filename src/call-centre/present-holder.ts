import { dayOf } from '../platform/clock/jst.js';
import { calculationText } from '../claim/calculation.js';
import { claimView, withdrawalRestriction } from '../claim/claim.service.js';
import { checkStateOf } from '../contact/caller-check.state.js';
import { colleagueViews, contactView } from '../contact/present-contact.js';
import { noteView } from '../contact/present-note.js';
import { objectionView } from '../contact/present-objection.js';
import type { OpenContact } from '../contact/sql/read-open-contacts.sql.js';
import { maskEmail, maskName, maskPhone } from '../holder/masking.js';
import { representativeView } from '../holder/representatives.js';
import { actionsFor } from './actions.js';
import type { ClaimBatchView, HolderClaimView, HolderView, OwnCallView } from './call-centre.views.js';
import type { HolderRow, PageBatch, PageClaim } from './sql/read-holder-pages.sql.js';
import { whyNotCredited } from './why-not-credited.js';
import { REASONS } from './why-not-credited-texts.js';

export interface HolderPage {
  readonly holder: HolderRow;
  readonly role: string;
  readonly now: Date;
}

/** What an open contact opens once its caller has passed the check. */
const OPENED = ['name', 'nameKana', 'amountJpy'] as const;

/** The page of a holder as staff of this role see it now. */
export function holderView(page: HolderPage): HolderView {
  const { holder, role, now } = page;
  const { contacts, representatives } = holder;
  const claims = holder.claims.map((claim) => holderClaimView(claim, holder.fundJpy, role));
  const objections = holder.objections.map(objectionView);
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

function holderClaimView(claim: PageClaim, fundJpy: bigint, role: string): HolderClaimView {
  const solvesContacts = REASONS.contact_changed.solvedBy.some((solver) => solver === role);
  const view = claimView(claim);
  const reasons = whyNotCredited({
    status: claim.status,
    underReview: solvesContacts ? claim.heldOtherwise : claim.held,
    contactChanged: solvesContacts && claim.contactChanged,
    amountJpy: claim.amountJpy,
    decisionWaits: claim.waiting,
    fundShort: fundJpy < claim.amountJpy,
    batch: claim.batch?.status ?? null,
    signaturesMissing: claim.signaturesMissing,
  });
  return {
    ...view,
    calculation: calculationText({ ...view, roundingRule: claim.roundingRule }),
    creditBatch: claim.batch && batchView(claim.batch),
    whyNotCredited: reasons.map((code) => ({ code, ...REASONS[code], solvedBy: [...REASONS[code].solvedBy] })),
  };
}

function batchView(batch: PageBatch): ClaimBatchView {
  return {
    id: batch.id.toString(),
    status: batch.status,
    label: batch.label,
    postingDate: dayOf(batch.postingDate),
    place: batch.seq.toString(),
    itemCount: batch.itemCount.toString(),
  };
}
