import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { SignInThrottle } from './sign-in-throttle.js';

/** The same three counters for the second step, apart from the first: a right password takes none of these back. */
@Injectable()
export class SecondFactorThrottle extends SignInThrottle {
  constructor(database: Database) {
    super(database, 'factor-');
  }
}
