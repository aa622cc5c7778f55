import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { readMail } from './mail-text.js';

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** The demo keeps the newest mails only: with a quarter of a million customers all of them would be its largest part. */
const MOST_KEPT = 200;

/** A real mail server on loopback that takes every mail on and delivers none; `/dev/mailbox` shows what it took. */
export class Mailbox {
  private readonly kept: Mail[] = [];

  private constructor(
    private readonly smtp: SMTPServer,
    private readonly web: Server,
  ) {}

  static async open(): Promise<Mailbox> {
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      closeTimeout: 100,
      onData: (stream, session, done) => {
        mailbox.take(stream, session.envelope.rcptTo[0]?.address ?? '').then(() => done(), done);
      },
    });
    // A client that breaks off has sent nothing.
    smtp.on('error', () => undefined);
    const web = createServer((request, response) => {
      const isMailbox = request.method === 'GET' && request.url === '/dev/mailbox';
      response.writeHead(isMailbox ? 200 : 404, { 'Content-Type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(isMailbox ? { items: mailbox.kept.toReversed() } : { code: 'not_found' }));
    });
    const mailbox = new Mailbox(smtp, web);
    smtp.listen(0, '127.0.0.1');
    web.listen(0, '127.0.0.1');
    await Promise.all([once(smtp.server, 'listening'), once(web, 'listening')]);
    return mailbox;
  }

  get smtpUrl(): string {
    return `smtp://127.0.0.1:${(this.smtp.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.web.address() as AddressInfo).port}/dev/mailbox`;
  }

  private async take(stream: NodeJS.ReadableStream, to: string): Promise<void> {
    this.kept.push({ to, ...readMail({ raw: await readText(stream) }) });
    if (this.kept.length > MOST_KEPT) this.kept.shift();
  }

  async close(): Promise<void> {
    this.web.closeAllConnections();
    await Promise.all([
      new Promise<void>((resolve) => this.smtp.close(() => resolve())),
      new Promise<void>((resolve) => this.web.close(() => resolve())),
    ]);
  }
}
