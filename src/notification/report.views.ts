import { ApiProperty } from '@nestjs/swagger';

export class ReportView {
  @ApiProperty({ enum: ['bounce', 'delay', 'complaint', 'other'], example: 'bounce' })
  kind!: 'bounce' | 'delay' | 'complaint' | 'other';

  @ApiProperty({ example: true, description: 'Whether it is about a mail of ours.' })
  matched!: boolean;

  @ApiProperty({ example: false, description: 'Whether the same report came before; then nothing was done.' })
  repeated!: boolean;
}
