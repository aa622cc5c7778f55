import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { Charset } from '../../holder/csv-source.js';
import { MayBeLeftOut } from '../../platform/http/may-be-left-out.decorator.js';

const CHARSETS = ['utf-8', 'windows-31j'] as const;

/** Of the uploaded file, or of the file to download. */
export class CharsetDto {
  @ApiPropertyOptional({ enum: CHARSETS, default: 'utf-8', description: 'utf-8 is written with a byte order mark.' })
  @MayBeLeftOut()
  @IsIn(CHARSETS)
  charset: Charset = 'utf-8';
}

export class BulkLookUpView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a20' })
  id!: string;

  @ApiProperty({ enum: ['waiting', 'answered', 'destroyed'], example: 'answered' })
  status!: 'waiting' | 'answered' | 'destroyed';

  @ApiProperty({ example: 50000, description: 'Rows of the file.' })
  keyCount!: number;

  @ApiProperty({ example: 50000, description: 'All keys are answered at once: 0, then keyCount.' })
  answeredCount!: number;

  @ApiProperty({ type: Number, nullable: true, example: 49988 })
  foundCount!: number | null;

  @ApiProperty({ example: 'a3f5'.repeat(16) })
  fileSha256!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '2018-03-12T01:00:04.000Z',
    description: 'The instant it is true for.',
  })
  answeredAt!: string | null;

  @ApiProperty({ example: '2018-03-13T01:00:00.000Z', description: 'Then keys and answers are destroyed.' })
  expiresAt!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '/v1/bulk-look-ups/01932c07-209c-7e5f-8a3c-5a0c8f1f6a20/result.csv',
    description: 'null unless there is a result.',
  })
  resultHref!: string | null;
}
