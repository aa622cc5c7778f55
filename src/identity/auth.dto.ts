import { ApiProperty } from '@nestjs/swagger';
import { IsByteLength, IsString, Length, Matches } from 'class-validator';
import { MAX_PASSWORD_BYTES } from './password.rules.js';

/** The form of the one-time tokens that this program makes: 256 bits, base64url. */
export const SECRET_TOKEN = /^[A-Za-z0-9_-]{43}$/;

export class LoginDto {
  @ApiProperty({ example: 'k.tanaka', description: 'In any letter case.' })
  @IsString()
  @Length(1, 200)
  @Matches(/^\P{Cc}*$/u, { message: 'login must not contain control characters' })
  login!: string;

  @ApiProperty({ example: 'seven quiet herons at dawn' })
  @IsString()
  @IsByteLength(1, MAX_PASSWORD_BYTES, { message: `password must be at most ${MAX_PASSWORD_BYTES} bytes` })
  password!: string;
}

export class RefreshDto {
  @ApiProperty({
    example: 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE',
    description: 'Works once: the answer carries the next one.',
  })
  @Matches(SECRET_TOKEN, { message: 'refreshToken must be one that /v1/auth/login or /v1/auth/refresh answered' })
  refreshToken!: string;
}

export class ActivateDto {
  @ApiProperty({
    example: 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE',
    description: 'From the administrator who made or reset the account; works once.',
  })
  @Matches(SECRET_TOKEN, { message: 'activationToken must be the one that was handed over' })
  activationToken!: string;

  @ApiProperty({
    example: 'seven quiet herons at dawn',
    description: 'At least 8 characters, better 15 or more; any characters; up to 1024 bytes.',
  })
  @IsString()
  @IsByteLength(1, MAX_PASSWORD_BYTES, { message: `password must be at most ${MAX_PASSWORD_BYTES} bytes` })
  password!: string;
}

export class TokensView {
  @ApiProperty({
    example: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…',
    description: 'For the header Authorization: Bearer.',
  })
  accessToken!: string;

  @ApiProperty({ example: 600 })
  expiresInSeconds!: number;

  @ApiProperty({
    example: 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE',
    description: 'Works once, for the next tokens.',
  })
  refreshToken!: string;
}
