import { ApiProperty } from '@nestjs/swagger';

export class OwnSessionView {
  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  id!: string;

  @ApiProperty({ example: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)', description: 'What it says of itself.' })
  device!: string;

  @ApiProperty({ example: '192.0.2.17' })
  address!: string;

  @ApiProperty({ example: true, description: 'The session that asks.' })
  current!: boolean;

  @ApiProperty({ example: '2018-03-12T00:00:00.000Z' })
  createdAt!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z', description: 'When the second factor was last proven.' })
  provenAt!: string;

  @ApiProperty({ example: '2018-03-12T01:10:00.000Z', description: 'When tokens were last handed out.' })
  lastUsedAt!: string;

  @ApiProperty({ example: '2018-03-12T12:00:00.000Z' })
  expiresAt!: string;
}

export class OwnSessionsView {
  @ApiProperty({ type: [OwnSessionView] })
  items!: OwnSessionView[];
}

export class EndedSessionsView {
  @ApiProperty({ example: 2 })
  ended!: number;
}
