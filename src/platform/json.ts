/** What can travel as JSON without loss: money and quantities are decimal strings, times ISO strings. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** How a row looks that the database has written as JSON: times, days and whole numbers are text. */
export type InJson<T> = T extends Date | bigint ? string : T extends object ? { [K in keyof T]: InJson<T[K]> } : T;
