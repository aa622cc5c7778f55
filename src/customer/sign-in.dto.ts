import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsUUID, Matches, MaxLength } from 'class-validator';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';
import { CUSTOMER_NO } from '../holder/person.rules.js';

export class AskCodeDto {
  @ApiProperty({ example: 'makoto@example.jp', description: 'The address that the exchange has on record.' })
  @MaxLength(255)
  @Matches(/^[^\s@]{1,64}@[^\s@]{1,190}$/, { message: 'email must be a mail address' })
  email!: string;

  @ApiPropertyOptional({ example: 'C00000017', description: 'Needed only if several customers share the address.' })
  @MayBeLeftOut()
  @Matches(CUSTOMER_NO, { message: 'customerNo must be a customer number' })
  customerNo?: string;
}

export class AskedCodeView {
  @ApiProperty({ example: '2f1b6a52-6f0c-4f0e-9a52-0f5f7c3d9b11', description: 'To be given back with the code.' })
  codeId!: string;

  @ApiProperty({ example: 600 })
  expiresInSeconds!: number;
}

export class SpendCodeDto {
  @ApiProperty({ example: '2f1b6a52-6f0c-4f0e-9a52-0f5f7c3d9b11' })
  @IsUUID()
  codeId!: string;

  @ApiProperty({ example: '042917' })
  @Matches(/^\d{6}$/, { message: 'code must be the 6 digits of the mail' })
  code!: string;
}
