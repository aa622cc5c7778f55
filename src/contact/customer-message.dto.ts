import { ApiProperty } from '@nestjs/swagger';

export class CustomerMessageView {
  @ApiProperty({ example: '7' })
  id!: string;

  @ApiProperty({ example: 'C00000017' })
  customerNo!: string;

  @ApiProperty({ example: '残高への反映後、いつから出金できますか。' })
  text!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  receivedAt!: string;
}
