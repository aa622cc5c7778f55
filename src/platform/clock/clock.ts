import { Injectable } from '@nestjs/common';

/** The time of day as the application sees it; what must not be forged is stamped by the database instead. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
