import { checkStateOf } from '../contact/caller-check.state.js';
import type { OpenContact } from '../contact/sql/read-open-contacts.sql.js';
import { permissionOf } from '../identity/permissions.js';
import type { HolderAction, HolderActionView } from './call-centre.views.js';

interface ClaimAtHand {
  readonly claimNo: string;
  readonly status: string;
  readonly underReview: boolean;
  /** The live batch that it is in. */
  readonly creditBatch: object | null;
}

interface PageAtHand {
  readonly customerNo: string;
  readonly claims: readonly ClaimAtHand[];
  readonly own: OpenContact | null;
  readonly hasOpenObjection: boolean;
}

type Offer = (name: HolderAction, method: string, route: string, href: string) => HolderActionView[];

/** What this role may do with this holder now, as links, so that a screen needs no rules of its own. */
export function actionsFor(role: string, page: PageAtHand): HolderActionView[] {
  const offer: Offer = (name, method, route, href) =>
    permissionOf(method, route)?.roles.some((allowed) => allowed === role) ? [{ name, method, href }] : [];
  return [
    ...(page.own ? withinContact(offer, page.own) : offer('open_contact', 'POST', '/v1/contacts', '/v1/contacts')),
    ...withHolder(offer, page),
    ...page.claims.flatMap((claim) => withClaim(offer, claim)),
  ];
}

function withinContact(offer: Offer, own: OpenContact): HolderActionView[] {
  const { passed, locked } = checkStateOf(own);
  const ofContact = (name: HolderAction, what: string) =>
    offer(name, 'POST', `/v1/contacts/:id/${what}`, `/v1/contacts/${own.id}/${what}`);
  return [
    ...(own.entitled && !passed && !locked ? ofContact('check_caller', 'caller-check') : []),
    ...(own.isComplaint ? [] : ofContact('record_complaint', 'complaint')),
    ...ofContact('write_note', 'notes'),
    ...ofContact('close_contact', 'close'),
  ];
}

function withHolder(offer: Offer, { customerNo, own, hasOpenObjection }: PageAtHand): HolderActionView[] {
  const ofHolder = (name: HolderAction, method: string, what: string) =>
    offer(name, method, `/v1/holders/:customerNo/${what}`, `/v1/holders/${customerNo}/${what}`);
  return [
    ...(own ? [] : ofHolder('write_note', 'POST', 'notes')),
    ...(hasOpenObjection ? [] : ofHolder('record_objection', 'POST', 'objections')),
    ...ofHolder('change_contact_data', 'POST', 'contact-changes'),
    ...ofHolder('record_representative', 'POST', 'representatives'),
    ...ofHolder('check_identity', 'POST', 'identity-checks'),
    ...ofHolder('reveal', 'POST', 'reveal'),
    ...ofHolder('show_timeline', 'GET', 'timeline'),
    ...ofHolder('show_contacts', 'GET', 'contacts'),
    ...ofHolder('show_notes', 'GET', 'notes'),
    ...ofHolder('show_proof', 'GET', 'proof'),
  ];
}

function withClaim(offer: Offer, { claimNo, status, underReview, creditBatch }: ClaimAtHand): HolderActionView[] {
  const [holds, decisions] = [`/v1/claims/${claimNo}/holds`, `/v1/claims/${claimNo}/decisions`];
  const decide = (name: HolderAction) => offer(name, 'POST', '/v1/claims/:claimNo/decisions', decisions);
  return [
    ...(status === 'credited' ? [] : offer('hold', 'POST', '/v1/claims/:claimNo/holds', holds)),
    ...(underReview ? offer('release_hold', 'DELETE', '/v1/claims/:claimNo/holds', holds) : []),
    ...(status === 'pending' && !underReview ? decide('decide') : []),
    ...(status === 'approved' && creditBatch === null ? decide('withdraw_decision') : []),
    ...(status === 'rejected' ? decide('reopen') : []),
  ];
}
