import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly messageId: string;
  readonly to: string;
  /** As sent, headers and encodings included. */
  readonly raw: string;
}

/** What the server does with a mail, by its recipient. */
export type Behaviour =
  | 'accept'
  | 'stall'
  | 'drop_after_data'
  | 'accept_then_drop'
  | { readonly at: 'recipient' | 'data'; readonly code: number };

export interface Inbox {
  readonly url: string;
  /** All that was taken on, in order. */
  mails(): readonly ReceivedMail[];
  /** From now on; until then everything is accepted. */
  behave(rule: (to: string) => Behaviour): void;
  /** Also cuts the connections that are open. */
  close(): Promise<void>;
}

/** A real SMTP server on loopback. */
export async function startInbox(port = 0): Promise<Inbox> {
  const received: ReceivedMail[] = [];
  let rule: (to: string) => Behaviour = () => 'accept';
  const sockets = new Set<Socket>();
  /** Ends all connections as a machine does whose power fails. */
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const receive = async (stream: NodeJS.ReadableStream, to: string, done: (error?: Error | null) => void) => {
    // A sender that went away in the middle of its text has sent nothing.
    const raw = await readText(stream).catch(() => null);
    if (raw === null) return;
    const behaviour = rule(to);
    if (behaviour === 'accept' || behaviour === 'accept_then_drop')
      received.push({ to, raw, messageId: /^message-id:\s*(\S+)/imu.exec(raw)?.[1] ?? '' });
    if (behaviour === 'accept') done();
    else if (typeof behaviour === 'object') done(answer(behaviour.code));
    else cut();
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 10,
    onRcptTo: ({ address }, _session, done) => {
      const behaviour = rule(address);
      if (behaviour === 'stall') return;
      done(typeof behaviour === 'object' && behaviour.at === 'recipient' ? answer(behaviour.code) : null);
    },
    onData: (stream, session, done) => {
      void receive(stream, session.envelope.rcptTo[0]?.address ?? '', done);
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails: () => received,
    behave: (next) => {
      rule = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

function answer(code: number): Error {
  return Object.assign(new Error('not now'), { responseCode: code });
}
