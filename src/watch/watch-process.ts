import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Logger } from '@nestjs/common';
import type { Config } from '../platform/config/config.js';

const PROGRAM = fileURLToPath(new URL('../watch.js', import.meta.url));
const NODE_FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=1', '--disable-warning=ExperimentalWarning'];
const START_AGAIN_AFTER_MS = 2_000;
const END_WITHIN_MS = 5_000;
/** What the watch may know of the server's environment: neither its password of the database nor its secret. */
const HANDED_ON = [
  'PATH',
  'LOG_LEVEL',
  'SMTP_URL',
  'MAIL_FROM',
  'WATCH_MAIL_TO',
  'WATCH_WEBHOOK_URL',
  'WATCH_CREDIT_HOURS',
  'WATCH_MOST_CREDITS_PER_SECOND',
];

/** The watch as a process beside the server that started it; one that dies is started again. */
export class WatchProcess {
  private readonly logger = new Logger('Watch');
  private readonly stopping = new AbortController();
  private child: ChildProcess | null = null;
  private readonly ended: Promise<void>;

  constructor(private readonly config: Config) {
    this.ended = this.keepRunning();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.child?.kill('SIGTERM');
    const impatience = setTimeout(() => this.child?.kill('SIGKILL'), END_WITHIN_MS);
    await this.ended;
    clearTimeout(impatience);
  }

  private async keepRunning(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const child = spawn(process.execPath, [...NODE_FLAGS, PROGRAM], {
        env: this.environment(),
        // Not in our session: Ctrl-C reaches the server, which ends the watch in order.
        detached: true,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      this.child = child;
      await once(child, 'exit').catch((error: Error) => this.logger.error(`the watch did not start: ${error.message}`));
      this.child = null;
      if (this.stopping.signal.aborted) return;
      this.logger.error('the watch ended by itself and is started again');
      await pause(START_AGAIN_AFTER_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private environment(): NodeJS.ProcessEnv {
    const handedOn = Object.fromEntries(HANDED_ON.map((name) => [name, process.env[name]]));
    return { ...handedOn, WATCH_DATABASE_URL: this.config.watchDatabaseUrl ?? '' };
  }
}
