import { Injectable, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import {
  concat,
  concatMap,
  defer,
  distinctUntilChanged,
  finalize,
  map,
  Observable,
  of,
  share,
  Subject,
  takeUntil,
  takeWhile,
  timer,
} from 'rxjs';
import { Database } from '../platform/database/database.js';
import { CreditBatchNotFound } from './credit-batch.errors.js';
import { CreditBatchRepository } from './credit-batch.repository.js';
import { hasEnded } from './credit-batch.state.js';
import type { CreditBatchProgressView } from './credit-batch.views.js';
import { progressOf } from './present-batch.js';

const POLL_MS = 500;
/** Who loses access loses the stream as well: it ends after this long, and coming back takes a valid token. */
const STREAM_MS = 10 * 60_000;

/** Progress of batches as server-sent events. However many people watch a batch, it is read once per interval. */
@Injectable()
export class CreditBatchEvents implements OnModuleDestroy {
  private readonly watched = new Map<bigint, Observable<CreditBatchProgressView>>();
  private readonly stopping = new Subject<void>();

  constructor(
    private readonly database: Database,
    private readonly batches: CreditBatchRepository,
  ) {}

  /** The state now and after each change, until the batch has ended. Errors: credit_batch_not_found. */
  async watch(id: bigint): Promise<Observable<MessageEvent>> {
    const now = await this.read(id);
    const rest = hasEnded(now.status) ? of() : this.polled(id);
    return concat(of(now), rest).pipe(
      distinctUntilChanged((before, after) => JSON.stringify(before) === JSON.stringify(after)),
      takeWhile(({ status }) => !hasEnded(status), true),
      map((progress): MessageEvent => ({ type: 'progress', data: progress })),
      takeUntil(timer(STREAM_MS)),
      takeUntil(this.stopping),
    );
  }

  /** An open stream would keep the server from closing. */
  onModuleDestroy(): void {
    this.stopping.next();
    this.stopping.complete();
  }

  private polled(id: bigint): Observable<CreditBatchProgressView> {
    const known = this.watched.get(id);
    if (known) return known;
    const polled = timer(POLL_MS, POLL_MS).pipe(
      concatMap(() => defer(() => this.read(id))),
      finalize(() => this.watched.delete(id)),
      share(),
    );
    this.watched.set(id, polled);
    return polled;
  }

  private read(id: bigint): Promise<CreditBatchProgressView> {
    return this.database.consistentRead(async (tx) => {
      const row = await this.batches.find(tx, id);
      if (!row) throw new CreditBatchNotFound();
      return progressOf(row);
    });
  }
}
