import { permissionOf } from '../identity/permissions.js';
import type { HolderActionView } from './call-centre.views.js';

interface ClaimAtHand {
  readonly claimNo: string;
  readonly status: string;
  readonly underReview: boolean;
}

/** What this role may do with this holder now, as links, so that a screen needs no rules of its own. */
export function actionsFor(role: string, customerNo: string, claims: readonly ClaimAtHand[]): HolderActionView[] {
  const mayUse = (method: string, route: string) =>
    permissionOf(method, route)?.roles.some((allowed) => allowed === role) ?? false;
  const action = (name: HolderActionView['name'], method: string, route: string, href: string): HolderActionView[] =>
    mayUse(method, route) ? [{ name, method, href }] : [];
  return [
    ...action('reveal', 'POST', '/v1/holders/:customerNo/reveal', `/v1/holders/${customerNo}/reveal`),
    ...action('show_proof', 'GET', '/v1/holders/:customerNo/proof', `/v1/holders/${customerNo}/proof`),
    ...claims.flatMap(({ claimNo, status, underReview }) => {
      const holds = `/v1/claims/${claimNo}/holds`;
      return [
        ...(status === 'credited' ? [] : action('hold', 'POST', '/v1/claims/:claimNo/holds', holds)),
        ...(underReview ? action('release_hold', 'DELETE', '/v1/claims/:claimNo/holds', holds) : []),
        ...(status === 'pending' && !underReview
          ? action('decide', 'POST', '/v1/claims/:claimNo/decisions', `/v1/claims/${claimNo}/decisions`)
          : []),
      ];
    }),
  ];
}
