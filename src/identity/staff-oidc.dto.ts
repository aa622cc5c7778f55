import { ApiProperty } from '@nestjs/swagger';
import { TokensView } from './auth.dto.js';
import { ChallengeView } from './second-factor.dto.js';

/** Exactly one of them. */
export class OidcSignedInView {
  @ApiProperty({ type: TokensView, nullable: true, description: 'When the provider was shown a second factor.' })
  tokens!: TokensView | null;

  @ApiProperty({
    type: ChallengeView,
    nullable: true,
    description: 'When it was not: for POST /v1/auth/login/second-factor.',
  })
  challenge!: ChallengeView | null;
}
