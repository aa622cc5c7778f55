import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

export class OidcStartedView {
  @ApiProperty({
    example: 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE',
    description:
      'Keep it in the window that began (session storage) and give it back with the answer; it is in no URL.',
  })
  signInSecret!: string;

  @ApiProperty({
    example: 'https://id.example.jp/authorize?client_id=henkin&state=…',
    description: 'Where to send the person.',
  })
  authorizationUrl!: string;

  @ApiProperty({ example: 600 })
  expiresInSeconds!: number;
}

/** The parameters with which the provider sent the person back, and the secret of the window that began. */
export class OidcCallbackDto {
  @ApiProperty({ example: 'q0Zr3m0v2cJ8k1tVb5yN7pXw4sLdGfHaUeRiTzQoMnE' })
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'signInSecret must be the one that the start answered' })
  signInSecret!: string;

  @ApiProperty({ example: 'SplxlOBeZQQYbYS6WxSbIA' })
  @IsString()
  @Length(1, 2000)
  code!: string;

  @ApiProperty({ example: 'af0ifjsldkj' })
  @IsString()
  @Length(1, 200)
  state!: string;

  @ApiPropertyOptional({ example: 'https://id.example.jp', description: 'If the provider sent it.' })
  @MayBeLeftOut()
  @IsString()
  @Length(1, 500)
  iss?: string;
}
