import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { ActivationChallengeView, CompleteActivationDto, EnrolmentOfferView } from './second-factor.dto.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

export class OwnTotpView {
  @ApiProperty({ example: '2018-02-01T00:00:00.000Z' })
  createdAt!: string;
}

export class OwnPasskeyView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  id!: string;

  @ApiProperty({ example: 'key on the ring' })
  name!: string;

  @ApiProperty({ example: '2018-02-01T00:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ type: String, nullable: true, example: '2018-03-12T01:00:00.000Z' })
  lastUsedAt!: string | null;
}

export class OwnFactorsView {
  @ApiProperty({ type: OwnTotpView, nullable: true, description: 'The authenticator app, if there is one.' })
  totp!: OwnTotpView | null;

  @ApiProperty({ type: [OwnPasskeyView] })
  passkeys!: OwnPasskeyView[];

  @ApiProperty({ example: 10 })
  recoveryCodesLeft!: number;
}

export class EnrolmentChallengeView extends OmitType(ActivationChallengeView, [
  'methods',
  'passkeyOptions',
  'enrolment',
]) {
  @ApiProperty({ type: EnrolmentOfferView })
  enrolment!: EnrolmentOfferView;
}

/** Exactly one of totp and newPasskey. */
export class EnrolOwnFactorDto extends OmitType(CompleteActivationDto, ['passkey', 'recoveryCode']) {
  @ApiPropertyOptional({ example: 'key on the ring', description: 'Of a passkey, so that you tell yours apart.' })
  @MayBeLeftOut()
  @Matches(/^(?=.*\S)\P{Cc}{1,50}$/u, { message: 'name must be 1 to 50 characters' })
  name?: string;
}

export class RenewedCodesView {
  @ApiProperty({
    type: [String],
    example: ['4QWE-8Z1K-TN07-PX5H'],
    description: 'Each works once, when the factor is lost. Shown only here; the former ones work no more.',
  })
  recoveryCodes!: string[];
}
