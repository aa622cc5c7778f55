import { applyDecorators } from '@nestjs/common';
import { IsISO8601, Matches } from 'class-validator';

/** A day of the calendar in Japan that exists, `YYYY-MM-DD`. */
export function IsDay(): PropertyDecorator {
  const message = '$property must be a day such as 2018-03-12';
  return applyDecorators(Matches(/^20\d{2}-\d{2}-\d{2}$/, { message }), IsISO8601({ strict: true }, { message }));
}
