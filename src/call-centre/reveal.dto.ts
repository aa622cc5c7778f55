import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsIn, IsString, Length, Matches } from 'class-validator';

export const REVEALABLE = ['name', 'nameKana', 'email', 'phone', 'birthDate'] as const;
export type Revealable = (typeof REVEALABLE)[number];

export class RevealDto {
  @ApiProperty({
    enum: REVEALABLE,
    isArray: true,
    example: ['phone'],
    description: 'Only what the work at hand needs.',
  })
  @ArrayMinSize(1)
  @ArrayMaxSize(REVEALABLE.length)
  @ArrayUnique()
  @IsIn(REVEALABLE, { each: true })
  fields!: Revealable[];

  @ApiProperty({ example: '折り返しのお電話のため' })
  @IsString()
  @Length(5, 500)
  @Matches(/\S.*\S.*\S/su, { message: 'reason must say why' })
  reason!: string;

  @ApiProperty({ example: 'CALL-20180312-0042', description: 'Number of the call, mail or case.' })
  @IsString()
  @Length(1, 100)
  @Matches(/\S/u, { message: 'reference must name the call, mail or case' })
  reference!: string;
}

/** Of the fields that were asked for. */
export class RevealedView {
  @ApiPropertyOptional({ type: String, nullable: true, example: '佐藤 誠' })
  name?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'サトウ マコト' })
  nameKana?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'makoto@example.jp' })
  email?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: '090-1234-5678' })
  phone?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: '1980-01-31' })
  birthDate?: string | null;

  @ApiProperty({ example: 59, description: 'How many more you may reveal within the hour.' })
  remainingThisHour!: number;
}
