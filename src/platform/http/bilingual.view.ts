import { ApiProperty } from '@nestjs/swagger';

/** A sentence in both languages, for a screen to choose from. */
export class BilingualView {
  @ApiProperty({ example: 'Call back or follow up.' })
  en!: string;

  @ApiProperty({ example: '折り返し・追跡対応' })
  ja!: string;
}
