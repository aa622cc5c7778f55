import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

export const IDEMPOTENT = 'henkin:idempotent';

/** The route moves money or decides: it needs an Idempotency-Key, and doing it twice does it once. */
export function Idempotent(): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(IDEMPOTENT, true),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'Made before the first try and kept for retries.',
      example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
    }),
  );
}
