import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from './plan.js';

/** One change that a person asks the server for: asked again after an interruption, it is the same one. */
export interface Effect<B> {
  readonly key: string;
  readonly body: B;
}

/** A made-up member of staff; password and second factor are kept because the demo signs in for them. */
export interface KeptPerson {
  readonly login: string;
  readonly password: string;
  /** Until the account is activated. */
  readonly activationToken: string | null;
  /** From when it was offered. */
  readonly totpSecret: string | null;
}

export interface ActivePerson extends KeptPerson {
  readonly activationToken: null;
  readonly totpSecret: string;
}

interface Content {
  readonly plan: Plan;
  readonly people: Record<string, KeptPerson>;
  readonly effects: Record<string, Effect<unknown>>;
  /** What the server called the things that were made. */
  readonly ids: Record<string, string>;
  /** Seconds that each measured part took, summed over interruptions. */
  readonly seconds: Record<string, number>;
  readonly finished: readonly string[];
}

/**
 * What the demo must remember to go on after an interruption: who its people are, which stages are finished, and the key
 * and content of each change, written down before it is asked for the first time. The server keeps its answers by key,
 * so a change that was asked for twice happens once.
 */
export class Journal {
  private constructor(
    private readonly file: string,
    private content: Content,
  ) {}

  static async begin(folder: string, plan: Plan): Promise<Journal> {
    const journal = new Journal(fileIn(folder), { plan, people: {}, effects: {}, ids: {}, seconds: {}, finished: [] });
    await journal.write();
    return journal;
  }

  /** Null when there is none in the folder. */
  static async read(folder: string): Promise<Journal | null> {
    const text = await readFile(fileIn(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    return text === null ? null : new Journal(fileIn(folder), JSON.parse(text) as Content);
  }

  get plan(): Plan {
    return this.content.plan;
  }

  get seconds(): Readonly<Record<string, number>> {
    return this.content.seconds;
  }

  person(login: string): KeptPerson | null {
    return this.content.people[login] ?? null;
  }

  async keepPerson(person: KeptPerson): Promise<void> {
    await this.change({ people: { ...this.content.people, [person.login]: person } });
  }

  /** The change of this name as it was first asked for; `make` says what it is when it never was. */
  async effect<B>(name: string, make: () => B | Promise<B>): Promise<Effect<B>> {
    const known = this.content.effects[name];
    if (known) return known as Effect<B>;
    const effect = { key: randomUUID(), body: await make() };
    await this.change({ effects: { ...this.content.effects, [name]: effect } });
    return effect;
  }

  /** What the server calls a thing that an earlier stage has made. */
  id(thing: string): string {
    const id = this.idIfMade(thing);
    if (id === null) throw new Error(`There is no ${thing} yet.`);
    return id;
  }

  idIfMade(thing: string): string | null {
    return this.content.ids[thing] ?? null;
  }

  async keepId(thing: string, id: string): Promise<void> {
    await this.change({ ids: { ...this.content.ids, [thing]: id } });
  }

  isFinished(stage: string): boolean {
    return this.content.finished.includes(stage);
  }

  async finish(stage: string): Promise<void> {
    await this.change({ finished: [...this.content.finished, stage] });
  }

  /** Does the work and adds the time it took to the part's seconds. */
  async measure<T>(part: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      const took = (this.content.seconds[part] ?? 0) + (performance.now() - began) / 1000;
      await this.change({ seconds: { ...this.content.seconds, [part]: Math.round(took * 1000) / 1000 } });
    }
  }

  private async change(part: Partial<Content>): Promise<void> {
    this.content = { ...this.content, ...part };
    await this.write();
  }

  /** Renamed into place, so that an interruption leaves the former content and never half of one. */
  private async write(): Promise<void> {
    await writeFile(`${this.file}.new`, JSON.stringify(this.content, null, 2), { mode: 0o600 });
    await rename(`${this.file}.new`, this.file);
  }
}

const fileIn = (folder: string): string => join(folder, 'journal.json');
