import type { Role } from '../identity/role.js';
import type { Tx } from '../platform/database/database.js';
import type { RequestContext } from '../platform/http/request-context.js';
import type { Json } from '../platform/json.js';

/** An approval request as its subject sees it; `subjectId` is opaque to this room. */
export interface ApprovalRequest {
  readonly id: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly contentHash: string;
  readonly amountJpy: bigint | null;
  readonly makerId: string;
}

/**
 * What a room to the right registers so that its things can be approved here.
 * All methods run inside the transaction of the decision and must not open one of their own.
 */
export interface ApprovalSubject {
  readonly type: string;
  readonly makerRoles: readonly Role[];
  readonly checkerRoles: readonly Role[];
  /** That there is such a request at all is known only to those who make or check it; auditors do not see it either. */
  readonly confidential?: boolean;
  /** Hash of what is there now, hex; null when the thing is gone or no longer waits for approval. */
  contentHash(tx: Tx, subjectId: string): Promise<string | null>;
  /**
   * Is that hash still this one? For those who look, and for all checkers but the last: a subject that keeps evidence that nothing
   * was written since need not compute it anew. The decision that takes effect always does.
   */
  contentStands?(tx: Tx, subjectId: string, contentHash: string): Promise<boolean>;
  /** What the checker must see before deciding: counts, totals, the ten largest, exclusions by reason. */
  preview(tx: Tx, subjectId: string): Promise<Json>;
  /** Runs after the request was set approved; what it returns is kept as the request's outcome. */
  takeEffect(tx: Tx, context: RequestContext, request: ApprovalRequest): Promise<Json>;
  refused(tx: Tx, context: RequestContext, request: ApprovalRequest, reason: string): Promise<void>;
  /** Expired or voided: nothing was decided, drafts and reservations stay so that one can ask again. */
  lapsed(tx: Tx, request: ApprovalRequest): Promise<void>;
}
