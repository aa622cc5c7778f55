import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What the network between server and PostgreSQL does to what passes. */
export type Weather =
  | 'fair'
  /** The answer to a COMMIT never arrives, and the connection is gone: done, and nobody was told. */
  | 'eats_commits'
  /** Every piece comes late. */
  | 'slow'
  /** Connections break in the middle of a message. */
  | 'breaks'
  /** Nothing passes, and nothing breaks either. */
  | 'stalled';

const LATE_MS = 30;
/** The tag with which PostgreSQL says that a transaction is committed. */
const COMMITTED = Buffer.from('COMMIT\0');
/** Of the answers to COMMIT, and of all pieces, how many are lost in bad weather. */
const EATEN = 0.3;
const BROKEN = 0.003;

/** A TCP proxy on loopback between the server under test and its PostgreSQL. */
export class LossyLink {
  weather: Weather = 'fair';
  /** Answers to COMMIT that were kept back, and connections that were broken in mid-message. */
  eaten = 0;
  broken = 0;
  private readonly sockets = new Set<Socket>();
  private readonly waiting: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    private readonly random: () => number,
  ) {}

  static async open(targetUrl: string, random: () => number): Promise<LossyLink> {
    const server = createServer();
    const link = new LossyLink(server, new URL(targetUrl), random);
    server.on('connection', (client) => link.join(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return link;
  }

  /** The way to the same database through this link. */
  through(url: string): string {
    const changed = new URL(url);
    changed.port = String((this.server.address() as AddressInfo).port);
    return changed.href;
  }

  change(weather: Weather): void {
    this.weather = weather;
    if (weather !== 'stalled') for (const go of this.waiting.splice(0)) go();
  }

  async close(): Promise<void> {
    this.change('fair');
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private join(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    void this.pass(client, server, false);
    void this.pass(server, client, true);
  }

  /** Piece by piece, so that none overtakes another. */
  private async pass(from: Socket, to: Socket, isAnswer: boolean): Promise<void> {
    try {
      for await (const piece of from as AsyncIterable<Buffer>) {
        if (this.weather === 'stalled') await new Promise<void>((go) => this.waiting.push(go));
        if (this.weather === 'slow') await new Promise((go) => setTimeout(go, this.random() * LATE_MS));
        if (isAnswer && this.weather === 'eats_commits' && piece.includes(COMMITTED) && this.random() < EATEN) {
          this.eaten += 1;
          from.destroy();
          return;
        }
        if (this.weather === 'breaks' && this.random() < BROKEN) {
          this.broken += 1;
          to.write(piece.subarray(0, Math.ceil(piece.length / 2)));
          from.destroy();
          return;
        }
        if (!to.write(piece)) await once(to, 'drain');
      }
      to.end();
    } catch {
      to.destroy();
    }
  }
}
