import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Length } from 'class-validator';

export class HolderSearchQuery {
  @ApiProperty({
    example: 'satou makoto 5678',
    description:
      'Customer number, claim number, mail address, phone number, or a name in any script; beside a name the last four digits of the phone or the birthday (0412).',
  })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @Length(1, 200, { message: 'q must be 1 to 200 characters of what the caller said' })
  q!: string;
}
