import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const READY = /^Henkin is ready at (\S+)/;
/** The server itself ends within 10 s of being asked; longer than this it is stuck. */
const END_WITHIN_MS = 12_000;
/** As `npm start` runs it. */
const NODE_FLAGS = ['--max-old-space-size=128', '--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'];
/**
 * Large pieces of memory go back as soon as they are free. glibc by itself learns from the first that is to be kept: 20 MB, which
 * are better spent on young objects, whose room decides how often a server that answers thousands of requests collects garbage.
 */
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_TRIM_THRESHOLD_: '1048576' };
/** Ends the server when this process is gone, however it went: then nobody else would. */
const END_WITH_PARENT = 'data:text/javascript,process.once("disconnect",()=>process.kill(process.pid,"SIGTERM"))';

/** The real server as a process of its own, as `npm start` runs it. */
export class DemoServer {
  private stopping = false;
  private readonly exited: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    readonly baseUrl: string,
    readonly logFile: string,
  ) {
    this.exited = once(child, 'exit');
  }

  /** Answers when the server is ready. Errors: the reason of `stop`; the end of the log when it did not start. */
  static async start(folder: string, port: number, smtpUrl: string, stop: AbortSignal): Promise<DemoServer> {
    const logFile = join(folder, 'server.log');
    const child = spawn(process.execPath, [...NODE_FLAGS, '--import', END_WITH_PARENT, programPath('main.js')], {
      env: environment(folder, port, smtpUrl),
      // Not in our session: Ctrl-C reaches this process, which ends the server in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
    child.stderr?.pipe(log, { end: false });
    try {
      const baseUrl = await readyUrl(child, log, stop);
      return new DemoServer(child, baseUrl, logFile);
    } catch (error) {
      await end(child);
      stop.throwIfAborted();
      const tail = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join('\n');
      throw new Error(`The server did not start. The end of ${logFile}:\n${tail}`, { cause: error });
    }
  }

  /** Never resolves; throws when the server ends without having been asked to. */
  async died(): Promise<never> {
    await this.exited;
    if (!this.stopping) throw new Error(`The server ended by itself. Its log: ${this.logFile}`);
    return new Promise<never>(() => undefined);
  }

  /** The most memory that the server process itself has had, in MB; what it has now where the system does not keep that. */
  async peakRssMb(): Promise<number> {
    const status = await readFile(`/proc/${this.child.pid}/status`, 'utf8').catch(() => '');
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    if (kilobytes) return Math.round(Number(kilobytes) / 1024);
    const metrics = await (await fetch(`${this.baseUrl}/metrics`)).text();
    return Math.round(Number(/^process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1] ?? 0) / 1024 / 1024);
  }

  stop(): Promise<void> {
    this.stopping = true;
    return end(this.child);
  }
}

/** Runs one of the programs of an installation to its end on the demo's database and answers what it printed. */
export async function runOnDemo(folder: string, program: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...NODE_FLAGS, programPath(program), ...args], {
    env: environment(folder, 0, ''),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return printed(child, program);
}

async function printed(child: ChildProcessByStdio<null, Readable, Readable>, program: string): Promise<string> {
  const [output, errors] = [collect(child.stdout), collect(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} failed: ${errors.join('').trim()}`);
  return output.join('');
}

/** Runs a program that knows neither server nor database to its end and answers what it printed. */
export async function runOffline(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...NODE_FLAGS, programPath(program), ...args], {
    env: { PATH: process.env.PATH ?? '' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return printed(child, program);
}

/** Where a program is that was built together with this one. */
const programPath = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

function collect(stream: NodeJS.ReadableStream): string[] {
  const pieces: string[] = [];
  stream.setEncoding('utf8').on('data', (text: string) => pieces.push(text));
  return pieces;
}

/** Whatever this shell has set for a real installation must not reach the demo: it would work on real money. */
function environment(folder: string, port: number, smtpUrl: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: '',
    TOKEN_SECRET: '',
    DATA_DIR: folder,
    HOST: '127.0.0.1',
    PORT: String(port),
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'compensation@example.jp',
    RUN_JOBS: 'true',
    PUBLIC_DOCS: 'true',
    ...MALLOC,
  };
}

async function readyUrl(child: ChildProcess, log: NodeJS.WritableStream, stop: AbortSignal): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no output to read.');
  const lines = createInterface(child.stdout);
  return new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      log.write(`${line}\n`);
      const url = READY.exec(line)?.[1];
      if (url) resolve(url);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error('it ended')));
    stop.addEventListener('abort', () => reject(new Error('it was stopped')), { once: true });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
  await ended;
  clearTimeout(impatience);
}
