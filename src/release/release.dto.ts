import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Matches, Max, Min } from 'class-validator';

const SHA256 = /^[0-9a-f]{64}$/;

export class ProposeReleaseKeyDto {
  @ApiProperty({
    example: 'GOK8mNPMf7MI7hT6WH2zZ4r1sJpcLNVBWyDSfpR8Twg=',
    description: 'The 32 bytes of the Ed25519 public key in base64, as `npm run release:keygen` prints them.',
  })
  @Matches(/^[A-Za-z0-9+/]{43}=$/, { message: 'publicKey must be 32 bytes in base64' })
  publicKey!: string;

  @ApiProperty({ example: 'Safe 1, Tokyo', description: 'Which key it is.' })
  @Matches(/^(?!\s)[^\p{Cc}]{1,80}(?<!\s)$/u, { message: 'label must be 1 to 80 characters on one line' })
  label!: string;
}

export class ProposeReleaseRuleDto {
  @ApiProperty({ example: 3, minimum: 2, maximum: 20, description: 'How many distinct keys must sign.' })
  @IsInt()
  @Min(2)
  @Max(20)
  leastSignatures!: number;

  @ApiProperty({ example: 24, minimum: 0, maximum: 720, description: 'How long a new key waits before it counts.' })
  @IsInt()
  @Min(0)
  @Max(720)
  waitingHours!: number;
}

/** As `npm run release:sign` writes it. */
export class SignReleaseDto {
  @ApiProperty({ example: 'a3f5'.repeat(16), description: 'SHA-256 of the statement that was signed.' })
  @Matches(SHA256, { message: 'statementSha256 must be 64 hexadecimal digits' })
  statementSha256!: string;

  @ApiProperty({ example: 'b7c0'.repeat(16), description: 'SHA-256 of the public key.' })
  @Matches(SHA256, { message: 'keyFingerprint must be 64 hexadecimal digits' })
  keyFingerprint!: string;

  @ApiProperty({ example: `${'A'.repeat(86)}==`, description: '64 bytes in base64.' })
  @Matches(/^[A-Za-z0-9+/]{86}==$/, { message: 'signature must be 64 bytes in base64' })
  signature!: string;
}
