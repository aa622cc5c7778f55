import { ApiProperty } from '@nestjs/swagger';
import { IsPlainLines } from '../platform/http/plain-text.decorator.js';
import { TextView } from './customer.views.js';

export class WriteMessageDto {
  @ApiProperty({ maxLength: 2000, example: '残高への反映後、いつから出金できますか。' })
  @IsPlainLines(2000)
  text!: string;
}

export class MessageReceiptView {
  @ApiProperty({ example: '7', description: 'Its number, by which you can ask about it.' })
  messageNo!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  receivedAt!: string;

  @ApiProperty({ type: TextView })
  text!: TextView;
}
