import { ValidateIf } from 'class-validator';

/** For a field that a body may lack; null is a value and has to be right, where IsOptional would let it through unseen. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_body, value) => value !== undefined);
}
