/** The first thing that does not fit; its message names it for a person: event, row, and column where that can be told. */
export class Mismatch extends Error {}
