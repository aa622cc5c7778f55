import { Matches } from 'class-validator';

/** What would show other words than are stored, or none: marks that turn the direction of reading, and halves of characters. */
const TREACHEROUS = '\\p{Cs}\\u202a-\\u202e\\u2066-\\u2069';

/** One line of words for people, of at most so many characters; what looks like HTML is text like any other. */
export function IsPlainText(most: number): PropertyDecorator {
  return Matches(new RegExp(`^(?=.*\\S)[^\\p{Cc}${TREACHEROUS}]{1,${most}}$`, 'u'), {
    message: `$property must be 1 to ${most} characters of plain text`,
  });
}

/** As `IsPlainText`, with tabs and line breaks. */
export function IsPlainLines(most: number): PropertyDecorator {
  return Matches(new RegExp(`^(?=[\\s\\S]*\\S)(?:[\\t\\n]|[^\\p{Cc}${TREACHEROUS}]){1,${most}}$`, 'u'), {
    message: `$property must be 1 to ${most} characters of plain text`,
  });
}
