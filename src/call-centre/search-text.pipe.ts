import { Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationFailed } from '../platform/problem/platform.errors.js';

const LONGEST_TEXT = 200;

/**
 * What the caller said, out of the whole query, which may hold nothing else. Looked at by hand, because agents search all day
 * long and what looks at any class cost as much as all the rest of the way to the search. Errors: validation_failed.
 */
@Injectable()
export class SearchTextPipe implements PipeTransform<Readonly<Record<string, unknown>>, string> {
  transform({ q, ...others }: Readonly<Record<string, unknown>>): string {
    const said = typeof q === 'string' ? q.trim() : '';
    const errors = Object.keys(others).map((path) => ({ path, message: `property ${path} should not exist` }));
    if (said === '' || [...said].length > LONGEST_TEXT)
      errors.push({ path: 'q', message: `q must be 1 to ${LONGEST_TEXT} characters of what the caller said` });
    if (errors.length > 0) throw new ValidationFailed(errors);
    return said;
  }
}
