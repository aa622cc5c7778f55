import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, Matches, Max, Min, ValidateNested } from 'class-validator';
import { IsPlainLines, IsPlainText } from '../../platform/http/plain-text.decorator.js';
import { PageQuery } from '../../platform/pagination/page.js';
import { SITUATIONS, type Situation } from './situations.js';
import { MayBeLeftOut } from '../../platform/http/may-be-left-out.decorator.js';
import { CUSTOMER_NO } from '../../holder/person.rules.js';

const FOR = { enum: SITUATIONS, example: 'not_approved' } as const;
const FOR_MESSAGE = { message: `for must be one of: ${SITUATIONS.join(', ')}` };

export class ScriptQuery {
  @ApiPropertyOptional({ ...FOR, description: 'Only the script for this situation; left out, all in use.' })
  @MayBeLeftOut()
  @IsIn(SITUATIONS, FOR_MESSAGE)
  for?: Situation;

  @ApiPropertyOptional({
    example: 'C00000017',
    description: 'Whose facts to fill in, for a caller who passed the check.',
  })
  @MayBeLeftOut()
  @Matches(CUSTOMER_NO, { message: 'customerNo must be a customer number' })
  customerNo?: string;
}

export class ScriptVersionQuery extends PageQuery {
  @ApiPropertyOptional({ ...FOR, description: 'Only versions for this situation.' })
  @MayBeLeftOut()
  @IsIn(SITUATIONS, FOR_MESSAGE)
  for?: Situation;
}

export class ScriptTitleDto {
  @ApiProperty({ example: 'Being checked' })
  @IsPlainText(100)
  en!: string;

  @ApiProperty({ example: '確認中' })
  @IsPlainText(100)
  ja!: string;
}

export class ScriptTextDto {
  @ApiProperty({ example: 'We are checking your record. You need do nothing.\nThe amount is {amount} JPY.' })
  @IsPlainLines(2000)
  en!: string;

  @ApiProperty({ example: '現在、確認中でございます。\n補償額は {amount} 円です。' })
  @IsPlainLines(2000)
  ja!: string;
}

export class EscalationDto {
  @ApiProperty({ example: 'Hand to the team lead.' })
  @IsPlainText(500)
  en!: string;

  @ApiProperty({ example: 'SVに引き継ぐ。' })
  @IsPlainText(500)
  ja!: string;
}

export class WriteScriptDto {
  @ApiProperty(FOR)
  @IsIn(SITUATIONS, FOR_MESSAGE)
  for!: Situation;

  @ApiProperty({ example: 1, description: 'The latest version, so that nobody replaces what they have not read.' })
  @IsInt()
  @Min(0)
  @Max(100_000)
  replaces!: number;

  @ApiProperty({ type: ScriptTitleDto })
  @IsObject()
  @ValidateNested()
  @Type(() => ScriptTitleDto)
  title!: ScriptTitleDto;

  @ApiProperty({
    type: ScriptTextDto,
    description:
      'What is said. {amount}, {quantity}, {price}, {posting_date} and {next_step} are filled in from the holder; a line with a fact that is not there is left out, so one line must be without any. No dates; words that promise a time only in a line with {posting_date}.',
  })
  @IsObject()
  @ValidateNested()
  @Type(() => ScriptTextDto)
  text!: ScriptTextDto;

  @ApiPropertyOptional({ type: EscalationDto, description: 'For the agent, never said; required for topic_….' })
  @MayBeLeftOut()
  @IsObject()
  @ValidateNested()
  @Type(() => EscalationDto)
  escalation?: EscalationDto;
}
