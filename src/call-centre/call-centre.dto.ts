import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Length } from 'class-validator';

export class HolderSearchQuery {
  @ApiProperty({
    example: '4758-2365-3196',
    description: 'A whole customer number or claim number, as the caller reads it out.',
  })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @Length(1, 64, { message: 'q must be a customer number or a claim number' })
  q!: string;
}
