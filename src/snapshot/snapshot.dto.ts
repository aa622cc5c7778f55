import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';
import { CHARSETS, type Charset } from './csv-text.js';

export const SNAPSHOT_KINDS = ['base', 'supplement'] as const;
export type SnapshotKind = (typeof SNAPSHOT_KINDS)[number];

const COUNT = /^\d{1,9}$/;
const COUNT_MESSAGE = { message: '$property must be a whole number' };
const XEM = /^-?\d{1,14}(\.\d{1,6})?$/;
const XEM_MESSAGE = { message: '$property must be XEM with up to 6 decimals, such as 523000000.000000' };

/** The form fields beside the files of an upload. The last four belong to an exclusion list: all with one, none without. */
export class UploadSnapshotDto {
  @ApiProperty({ enum: SNAPSHOT_KINDS, description: 'The first is the base; supplements add customers to it.' })
  @IsIn(SNAPSHOT_KINDS)
  kind!: SnapshotKind;

  @ApiProperty({ example: '2018-01-26T23:59:59+09:00', description: 'The instant of the balances, with its offset.' })
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/, {
    message: 'asOf must be an instant with its offset, such as 2018-01-26T23:59:59+09:00',
  })
  @IsISO8601({ strict: true }, { message: 'asOf must be an instant of the calendar' })
  asOf!: string;

  @ApiPropertyOptional({ enum: CHARSETS, default: 'utf-8', description: 'Of both files. Never guessed.' })
  @IsOptional()
  @IsIn(CHARSETS)
  charset: Charset = 'utf-8';

  @ApiProperty({ example: '260147', description: 'Rows of the whole file, excluded ones too.' })
  @Matches(COUNT, COUNT_MESSAGE)
  declaredCount!: string;

  @ApiProperty({ example: '529067977.975766', description: 'Sum of quantity_xem of the whole file.' })
  @Matches(XEM, XEM_MESSAGE)
  declaredTotalXem!: string;

  @ApiPropertyOptional({ example: '260000' })
  @IsOptional()
  @Matches(COUNT, COUNT_MESSAGE)
  declaredPayableCount?: string;

  @ApiPropertyOptional({ example: '523000000.000000' })
  @IsOptional()
  @Matches(XEM, XEM_MESSAGE)
  declaredPayableTotalXem?: string;

  @ApiPropertyOptional({ example: '147' })
  @IsOptional()
  @Matches(COUNT, COUNT_MESSAGE)
  declaredExcludedCount?: string;

  @ApiPropertyOptional({ example: '6067977.975766' })
  @IsOptional()
  @Matches(XEM, XEM_MESSAGE)
  declaredExcludedTotalXem?: string;
}

/** The same as a form, for the API's description. */
export const UPLOAD_FORM_SCHEMA = {
  type: 'object',
  required: ['kind', 'asOf', 'declaredCount', 'declaredTotalXem', 'file'],
  properties: {
    kind: { enum: [...SNAPSHOT_KINDS] },
    asOf: { type: 'string', example: '2018-01-26T23:59:59+09:00' },
    charset: { enum: [...CHARSETS], default: 'utf-8' },
    declaredCount: { type: 'string', example: '260147' },
    declaredTotalXem: { type: 'string', example: '529067977.975766' },
    declaredPayableCount: { type: 'string', example: '260000', description: 'With an exclusion list only.' },
    declaredPayableTotalXem: {
      type: 'string',
      example: '523000000.000000',
      description: 'With an exclusion list only.',
    },
    declaredExcludedCount: { type: 'string', example: '147', description: 'With an exclusion list only.' },
    declaredExcludedTotalXem: {
      type: 'string',
      example: '6067977.975766',
      description: 'With an exclusion list only.',
    },
    file: { type: 'string', format: 'binary', description: 'The export: CSV with a header.' },
    exclusions: { type: 'string', format: 'binary', description: 'CSV: customer_no,reason[,text].' },
  },
};
