import type { Json } from '../json.js';

/** A sentence in both languages of the programme. */
export interface Text {
  readonly en: string;
  readonly ja: string;
}

export interface Problem {
  /** Stable, for programs; the texts are for people and may change. */
  readonly code: string;
  readonly status: number;
  readonly title: Text;
  /** What happened, whether anything was done, and what to do next. */
  readonly detail: Text;
  readonly extra?: { readonly [key: string]: Json };
}

/** An expected "no". Every room declares its own in `<room>.errors.ts`; one filter turns them into RFC 9457 answers. */
export abstract class DomainError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail.en);
    this.name = new.target.name;
  }
}
