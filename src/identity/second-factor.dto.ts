import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, Equals, IsArray, IsIn, IsObject, IsOptional, Matches, ValidateNested } from 'class-validator';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { SECRET_TOKEN, TokensView } from './auth.dto.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

const BASE64URL = (max: number) => new RegExp(`^[A-Za-z0-9_-]{1,${max}}$`);
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;
const EXAMPLE_TOKEN = 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE';

/** What `navigator.credentials` answers, as its `toJSON()` writes it; what is not verified here is not kept. */
class CredentialDto {
  @ApiProperty({ example: 'm5Yl3V0oQ2uJ0h3b5n1w' })
  @Matches(BASE64URL(1400), { message: 'id must be base64url' })
  id!: string;

  @ApiProperty({ example: 'm5Yl3V0oQ2uJ0h3b5n1w' })
  @Matches(BASE64URL(1400), { message: 'rawId must be base64url' })
  rawId!: string;

  @ApiProperty({ example: 'public-key' })
  @Equals('public-key')
  type!: 'public-key';

  @ApiPropertyOptional({ example: 'cross-platform' })
  @IsOptional()
  @IsIn(['platform', 'cross-platform'])
  authenticatorAttachment?: 'platform' | 'cross-platform';

  @ApiProperty({ type: Object, example: {} })
  @IsObject()
  clientExtensionResults!: Record<string, never>;
}

class AssertionDto {
  @ApiProperty({ example: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0' })
  @Matches(BASE64URL(4000), { message: 'clientDataJSON must be base64url' })
  clientDataJSON!: string;

  @ApiProperty({ example: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ' })
  @Matches(BASE64URL(4000), { message: 'authenticatorData must be base64url' })
  authenticatorData!: string;

  @ApiProperty({ example: 'MEUCIQDx' })
  @Matches(BASE64URL(1400), { message: 'signature must be base64url' })
  signature!: string;

  @ApiPropertyOptional({ type: String, nullable: true, example: null })
  @IsOptional()
  @Matches(BASE64URL(100), { message: 'userHandle must be base64url' })
  userHandle?: string;
}

class AttestationDto {
  @ApiProperty({ example: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0' })
  @Matches(BASE64URL(4000), { message: 'clientDataJSON must be base64url' })
  clientDataJSON!: string;

  @ApiProperty({ example: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVjE' })
  @Matches(BASE64URL(16_000), { message: 'attestationObject must be base64url' })
  attestationObject!: string;

  @ApiPropertyOptional({ example: 'SZYN5YgOjGh0NBcPZHZgW4' })
  @IsOptional()
  @Matches(BASE64URL(8000), { message: 'authenticatorData must be base64url' })
  authenticatorData?: string;

  @ApiPropertyOptional({ enum: TRANSPORTS, isArray: true, example: ['usb', 'nfc'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(TRANSPORTS.length)
  @IsIn(TRANSPORTS, { each: true })
  transports?: string[];

  @ApiPropertyOptional({ example: -7 })
  @IsOptional()
  @IsIn([-7, -8, -257])
  publicKeyAlgorithm?: number;

  @ApiPropertyOptional({ example: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE' })
  @IsOptional()
  @Matches(BASE64URL(8000), { message: 'publicKey must be base64url' })
  publicKey?: string;
}

export class PasskeyAssertionDto extends CredentialDto implements AuthenticationResponseJSON {
  @ApiProperty({ type: AssertionDto })
  @IsObject()
  @ValidateNested()
  @Type(() => AssertionDto)
  response!: AssertionDto;
}

export class PasskeyCreationDto extends CredentialDto implements RegistrationResponseJSON {
  @ApiProperty({ type: AttestationDto })
  @IsObject()
  @ValidateNested()
  @Type(() => AttestationDto)
  response!: AttestationDto;
}

/** Exactly one of them. */
export class ProofDto {
  @ApiPropertyOptional({ example: '492039', description: 'What the authenticator app shows; works once.' })
  @MayBeLeftOut()
  @Matches(/^[0-9]{6}$/, { message: 'totp must be 6 digits' })
  totp?: string;

  @ApiPropertyOptional({ example: '4QWE-8Z1K-TN07-PX5H', description: 'One of those shown at enrolment; works once.' })
  @MayBeLeftOut()
  @Matches(/^[0-9A-Za-z -]{16,30}$/, { message: 'recoveryCode must be one that was shown at enrolment' })
  recoveryCode?: string;

  @ApiPropertyOptional({ type: PasskeyAssertionDto, description: 'What the browser answers to passkeyOptions.' })
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => PasskeyAssertionDto)
  passkey?: PasskeyAssertionDto;
}

export class SecondFactorDto extends ProofDto {
  @ApiProperty({ example: EXAMPLE_TOKEN, description: 'From POST /v1/auth/login; ten minutes, five tries.' })
  @Matches(SECRET_TOKEN, { message: 'challengeToken must be the one that was answered' })
  challengeToken!: string;
}

export class StepUpDto extends ProofDto {
  @ApiPropertyOptional({
    example: EXAMPLE_TOKEN,
    description: 'From POST /v1/auth/step-up/challenge; only a passkey needs one.',
  })
  @MayBeLeftOut()
  @Matches(SECRET_TOKEN, { message: 'challengeToken must be the one that was answered' })
  challengeToken?: string;
}

export class CompleteActivationDto extends SecondFactorDto {
  @ApiPropertyOptional({
    type: PasskeyCreationDto,
    description: 'What the browser answers to enrolment.passkeyOptions; instead of totp.',
  })
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => PasskeyCreationDto)
  newPasskey?: PasskeyCreationDto;
}

export const METHODS = ['totp', 'passkey', 'recovery_code'] as const;
export type Method = (typeof METHODS)[number];

export class ChallengeView {
  @ApiProperty({ example: EXAMPLE_TOKEN })
  challengeToken!: string;

  @ApiProperty({ example: 600 })
  expiresInSeconds!: number;

  @ApiProperty({ enum: METHODS, isArray: true, description: 'What this account can answer with.' })
  methods!: Method[];

  @ApiProperty({
    type: Object,
    nullable: true,
    example: null,
    description: 'For navigator.credentials.get(), when there is a passkey (PublicKeyCredentialRequestOptionsJSON).',
  })
  passkeyOptions!: PublicKeyCredentialRequestOptionsJSON | null;
}

export class TotpOfferView {
  @ApiProperty({ example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', description: 'Shown only here.' })
  secret!: string;

  @ApiProperty({ example: 'otpauth://totp/Henkin:k.tanaka?issuer=Henkin&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' })
  uri!: string;
}

export class EnrolmentOfferView {
  @ApiProperty({ type: TotpOfferView })
  totp!: TotpOfferView;

  @ApiProperty({
    type: Object,
    example: { rp: { name: 'Henkin', id: 'localhost' } },
    description: 'For navigator.credentials.create() (PublicKeyCredentialCreationOptionsJSON).',
  })
  passkeyOptions!: PublicKeyCredentialCreationOptionsJSON;
}

export class ActivationChallengeView extends ChallengeView {
  @ApiProperty({
    type: EnrolmentOfferView,
    nullable: true,
    description: 'What may be enrolled; null when the account has a second factor, which then has to be proven.',
  })
  enrolment!: EnrolmentOfferView | null;
}

export class EnrolledView extends TokensView {
  @ApiProperty({
    type: [String],
    example: ['4QWE-8Z1K-TN07-PX5H'],
    description:
      'Each works once, when the factor is lost. Shown only here; empty when the factor was enrolled before.',
  })
  recoveryCodes!: string[];
}

export class StepUpView {
  @ApiProperty({ example: '2018-03-12T01:05:00.000Z', description: 'Until then nothing asks for the factor again.' })
  freshUntil!: string;
}
