/** What can travel as JSON without loss: money and quantities are decimal strings, times ISO strings. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
