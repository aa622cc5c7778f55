import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database, type Tx } from '../database/database.js';
import { Jobs } from '../jobs/jobs.js';
import { MailRefused } from './mail.errors.js';
import { Mailer, type OutgoingMail } from './mailer.js';

/** Then other jobs have their say; the rest is sent by the next run. */
const SLICE_MS = 20_000;

export interface DueMail {
  readonly id: bigint;
  /** Null: it is of no use any more. */
  readonly mail: OutgoingMail | null;
  readonly lastTry: boolean;
}

/** A table of mails that were left in the transaction of what they tell of. */
export interface Outbox {
  /** The next mail that is due, already put off to its next try, so that nobody else takes it meanwhile. */
  take(tx: Tx): Promise<DueMail | null>;
  settle(tx: Tx, id: bigint, outcome: 'told' | 'given_up'): Promise<unknown>;
}

/** Sends what waits in outboxes, one mail after the other. Without a mail server they wait for one. */
@Injectable()
export class Outboxes {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly mailer: Mailer,
  ) {}

  register(job: string, outbox: Outbox): void {
    this.jobs.register(job, (_payload, signal) => this.send(job, outbox, signal));
    this.jobs.every(`${job}-sweep`, '* * * * *', (signal) => this.send(job, outbox, signal));
  }

  sendSoon(tx: Tx, job: string): Promise<void> {
    return this.jobs.add(tx, job, {}, { jobKey: job });
  }

  private async send(job: string, outbox: Outbox, stop: AbortSignal): Promise<void> {
    if (this.config.smtpUrl === null) return;
    const until = AbortSignal.any([stop, AbortSignal.timeout(SLICE_MS)]);
    while (!until.aborted) {
      const due = await this.database.transaction((tx) => outbox.take(tx));
      if (!due) return;
      const outcome = due.mail ? await this.tell(due.mail, due.lastTry) : 'given_up';
      if (outcome) await this.database.transaction((tx) => outbox.settle(tx, due.id, outcome));
    }
    await this.database.transaction((tx) => this.sendSoon(tx, job));
  }

  /** Null: to be tried again. */
  private async tell(mail: OutgoingMail, lastTry: boolean): Promise<'told' | 'given_up' | null> {
    try {
      await this.mailer.send(mail);
      return 'told';
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      return error.permanent || lastTry ? 'given_up' : null;
    }
  }
}
