/** One thing that somebody did, as the command by which the reader does it again, and what came of it. */
export interface Stop {
  readonly title: string;
  readonly command: string;
  readonly outcome: string;
}

export const J = `-H 'Content-Type: application/json'`;
export const auth = (who: string) => `-H "Authorization: Bearer $${who}"`;
/** The shell's way to one text of an answer. */
export const pick = (field: string) => `sed 's/.*"${field}":"\\([^"]*\\)".*/\\1/'`;
