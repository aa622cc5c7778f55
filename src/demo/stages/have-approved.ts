import type { Bar } from '../bar.js';
import type { Login } from '../people.js';
import { usualSeconds, type Demo } from './stage.js';

/** As `/v1/approval-requests` answers it, as far as it is used here. */
export interface ApprovalRequest {
  readonly id: string;
  readonly status: 'pending' | 'approved' | 'refused' | 'expired' | 'voided';
  readonly requiredCheckers: number;
}

/**
 * One checker after the other looks at what will happen and agrees, until there are as many as the amount asks for.
 * With the last of them it takes effect. Errors: when the request ends otherwise or these checkers do not suffice.
 */
export async function haveApproved(
  demo: Demo,
  bar: Bar,
  request: ApprovalRequest,
  checkers: readonly Login[],
): Promise<void> {
  const path = `/v1/approval-requests/${request.id}`;
  let now = request;
  for (const login of checkers) {
    const checker = demo.people.as(login);
    now = await checker.read<ApprovalRequest>(path);
    if (now.status !== 'pending') break;
    const verdict = { decision: 'approve', reason: 'Agrees with the papers at hand.' };
    const decision = checker.change<ApprovalRequest>(
      `${login} approves ${request.id}`,
      `${path}/decisions`,
      () => verdict,
    );
    now = await bar.during(usualSeconds(demo), decision);
  }
  if (now.status !== 'approved')
    throw new Error(`The approval request ${request.id} is ${now.status} and not approved.`);
}

/** The request about a thing that waits for its checkers; null when nobody is asked any more. */
export async function findPending(
  { people }: Demo,
  checker: Login,
  subjectType: string,
  subjectId: string,
): Promise<ApprovalRequest | null> {
  const path = `/v1/approval-requests?status=pending&subjectType=${subjectType}&limit=100`;
  const { items } = await people
    .as(checker)
    .read<{ items: (ApprovalRequest & { readonly subjectId: string })[] }>(path);
  return items.find((request) => request.subjectId === subjectId) ?? null;
}
