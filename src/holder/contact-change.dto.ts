import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { IsPlainText } from '../platform/http/plain-text.decorator.js';
import { EMAIL, PHONE } from './person.rules.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

export class ChangeContactDto {
  @ApiPropertyOptional({ example: 'makoto.new@example.jp', description: 'Left out: it stays as it is.' })
  @MayBeLeftOut()
  @Matches(EMAIL, { message: 'email must be a mail address' })
  email?: string;

  @ApiPropertyOptional({ example: '080-8765-4321', description: 'Left out: it stays as it is.' })
  @MayBeLeftOut()
  @Matches(PHONE, { message: 'phone must be a phone number' })
  phone?: string;

  @ApiProperty({ example: '携帯電話の機種変更のため' })
  @IsPlainText(500)
  reason!: string;

  @ApiProperty({ example: 'CALL-20180312-0042', description: 'Number of the call, mail or case.' })
  @IsPlainText(100)
  reference!: string;
}

export class ContactChangeView {
  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ enum: ['email', 'phone'], isArray: true, example: ['email'] })
  changed!: ('email' | 'phone')[];

  @ApiProperty({ example: true, description: 'Nothing uncredited is paid until two facts are verified anew.' })
  frozen!: boolean;
}
