import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { Config } from '../config/config.js';
import { MailNotConfigured, MailRefused } from './mail.errors.js';

/** A server that accepts connections and then says nothing must not hold a sender for ever. */
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 20_000;

export interface OutgoingMail {
  /** With its angle brackets; made before the first try and the same for every further one. */
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one mail over a connection of its own; writes no address to any log. */
@Injectable()
export class Mailer {
  constructor(@Inject(Config) private readonly config: Pick<Config, 'smtpUrl' | 'mailFrom'>) {}

  /** Accepted means that the server took the mail on. Errors: MailNotConfigured, MailRefused. */
  async send(mail: OutgoingMail): Promise<'accepted'> {
    const { smtpUrl, mailFrom } = this.config;
    if (smtpUrl === null) throw new MailNotConfigured();
    const message = await new MailComposer({
      from: mailFrom,
      to: { name: '', address: mail.to },
      messageId: mail.messageId,
      subject: mail.subject,
      text: mail.text,
      ...(mail.html === undefined ? {} : { html: mail.html }),
      headers: { 'Auto-Submitted': 'auto-generated', ...mail.headers },
    })
      .compile()
      .build();
    const talk = new Talk(new URL(smtpUrl));
    try {
      await talk.run({ from: mailFrom, to: [mail.to] }, message);
      return 'accepted';
    } catch (error) {
      throw talk.refusal(error);
    } finally {
      talk.close();
    }
  }
}

/** One connection, which knows whether the text has begun to go out. */
class Talk {
  private readonly connection: SMTPConnection;
  private textBegun = false;

  constructor(private readonly url: URL) {
    const secure = url.protocol === 'smtps:';
    this.connection = new SMTPConnection({
      host: url.hostname,
      port: Number(url.port || (secure ? 465 : 587)),
      secure,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
    });
  }

  run(envelope: { from: string; to: string[] }, message: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.connection.on('error', reject);
      this.connection.once('end', () => reject(new Error('the connection was closed')));
      this.connection.connect((connectError) => {
        if (connectError) return reject(connectError);
        const send = () =>
          this.connection.send(envelope, this.text(message), (error) => (error ? reject(error) : resolve()));
        if (!this.url.username) return send();
        const credentials = {
          user: decodeURIComponent(this.url.username),
          pass: decodeURIComponent(this.url.password),
        };
        this.connection.login({ credentials }, (error) => (error ? reject(error) : send()));
      });
    });
  }

  close(): void {
    // What still arrives on a connection that is over is of no interest; without a listener it would end the process.
    this.connection.on('error', () => undefined);
    this.connection.close();
  }

  /** An answer is an answer; without one, it depends on whether the server may already have had the text. */
  refusal(error: unknown): MailRefused {
    const { responseCode } = error as { responseCode?: unknown };
    const smtpCode = typeof responseCode === 'number' ? responseCode : null;
    return new MailRefused({
      permanent: smtpCode !== null && smtpCode >= 500,
      smtpCode,
      outcomeUnknown: smtpCode === null && this.textBegun,
    });
  }

  /** Read by the connection only when the server has said that it waits for the text. */
  private text(message: Buffer): Readable {
    const pieces = function* (this: Talk) {
      this.textBegun = true;
      yield message;
    };
    return Readable.from(pieces.call(this), { objectMode: false });
  }
}
