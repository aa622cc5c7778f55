import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

export class ResetReasonDto {
  @ApiProperty({ example: 'Security key lost on the train; seen in person at the desk.', maxLength: 500 })
  @Matches(/^(?=.*\S)\P{Cc}{1,500}$/u, { message: 'reason must be 1 to 500 characters' })
  reason!: string;
}
