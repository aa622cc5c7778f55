import { checkStateOf } from '../contact/caller-check.state.js';
import type { OpenContact } from '../contact/sql/read-open-contacts.sql.js';
import { permissionOf } from '../identity/permissions.js';
import type { HolderAction, HolderActionView } from './call-centre.views.js';

interface ClaimAtHand {
  readonly claimNo: string;
  readonly status: string;
  readonly underReview: boolean;
}

type Offer = (name: HolderAction, method: string, route: string, href: string) => HolderActionView[];

/** What this role may do with this holder now, as links, so that a screen needs no rules of its own. */
export function actionsFor(
  role: string,
  customerNo: string,
  claims: readonly ClaimAtHand[],
  own: OpenContact | null,
): HolderActionView[] {
  const offer: Offer = (name, method, route, href) =>
    permissionOf(method, route)?.roles.some((allowed) => allowed === role) ? [{ name, method, href }] : [];
  const ofHolder = (name: HolderAction, method: string, what: string) =>
    offer(name, method, `/v1/holders/:customerNo/${what}`, `/v1/holders/${customerNo}/${what}`);
  return [
    ...(own ? withinContact(offer, own) : offer('open_contact', 'POST', '/v1/contacts', '/v1/contacts')),
    ...ofHolder('record_representative', 'POST', 'representatives'),
    ...ofHolder('reveal', 'POST', 'reveal'),
    ...ofHolder('show_proof', 'GET', 'proof'),
    ...claims.flatMap((claim) => withClaim(offer, claim)),
  ];
}

function withinContact(offer: Offer, own: OpenContact): HolderActionView[] {
  const { passed, locked } = checkStateOf(own);
  const ofContact = (name: HolderAction, what: string) =>
    offer(name, 'POST', `/v1/contacts/:id/${what}`, `/v1/contacts/${own.id}/${what}`);
  return [
    ...(own.entitled && !passed && !locked ? ofContact('check_caller', 'caller-check') : []),
    ...ofContact('close_contact', 'close'),
  ];
}

function withClaim(offer: Offer, { claimNo, status, underReview }: ClaimAtHand): HolderActionView[] {
  const holds = `/v1/claims/${claimNo}/holds`;
  return [
    ...(status === 'credited' ? [] : offer('hold', 'POST', '/v1/claims/:claimNo/holds', holds)),
    ...(underReview ? offer('release_hold', 'DELETE', '/v1/claims/:claimNo/holds', holds) : []),
    ...(status === 'pending' && !underReview
      ? offer('decide', 'POST', '/v1/claims/:claimNo/decisions', `/v1/claims/${claimNo}/decisions`)
      : []),
  ];
}
