import { ApiProperty } from '@nestjs/swagger';
import { FORMAT } from './verify-proof.js';

export class ProofSumsView {
  @ApiProperty({ example: '1234500000', description: 'Millionths of a XEM.' })
  quantityMicroXem!: string;

  @ApiProperty({ example: '109314', description: 'Yen, all claims as calculated, whatever was decided.' })
  claimJpy!: string;

  @ApiProperty({ example: '109314', description: 'Yen.' })
  creditedJpy!: string;
}

export class PublishedProofView {
  @ApiProperty({ example: '019b2f6e-0000-7000-8000-000000000001' })
  id!: string;

  @ApiProperty({ enum: ['snapshot', 'credit_batch'], description: 'After what it was built.' })
  cause!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  asOf!: string;

  @ApiProperty({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
  root!: string;

  @ApiProperty({ example: 520000, description: 'Two for each customer.' })
  leafCount!: number;

  @ApiProperty({ type: ProofSumsView })
  totals!: ProofSumsView;
}

export class PublishedProofPage {
  @ApiProperty({ type: [PublishedProofView] })
  items!: PublishedProofView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

export class ProofStepView extends ProofSumsView {
  @ApiProperty({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
  hash!: string;
}

export class ProofPartView extends ProofSumsView {
  @ApiProperty({ example: 314159 })
  index!: number;

  @ApiProperty({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
  salt!: string;

  @ApiProperty({ type: [ProofStepView] })
  path!: ProofStepView[];
}

export class ProofView {
  @ApiProperty({ enum: [FORMAT] })
  format!: typeof FORMAT;

  @ApiProperty({ example: '019b2f6e-0000-7000-8000-000000000001' })
  proofId!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  asOf!: string;

  @ApiProperty({ example: 'CC00012345' })
  customerNo!: string;

  @ApiProperty({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
  root!: string;

  @ApiProperty({ example: 520000 })
  leafCount!: number;

  @ApiProperty({ type: ProofSumsView })
  totals!: ProofSumsView;

  @ApiProperty({ type: [ProofPartView] })
  parts!: ProofPartView[];
}
