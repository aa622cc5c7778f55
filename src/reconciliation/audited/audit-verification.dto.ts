import { ApiProperty } from '@nestjs/swagger';

export class ChainHeadView {
  @ApiProperty({ example: '10423', description: 'Links so far: events, and digests of rows that must never change.' })
  seq!: string;

  @ApiProperty({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })
  hash!: string;
}

export class SignedHeadView extends ChainHeadView {
  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  signedAt!: string;

  @ApiProperty({ example: '9f86d081884c7d65', description: 'The first 16 digits of the SHA-256 of the public key.' })
  keyId!: string;

  @ApiProperty({ example: 'a3f5'.repeat(16), description: 'Ed25519, hex.' })
  publicKey!: string;

  @ApiProperty({ example: 'a3f5'.repeat(32), description: 'Over chain, link, hash, time and key, one per line.' })
  signature!: string;
}

export class FinishedVerificationView extends ChainHeadView {
  @ApiProperty({ example: '2018-03-12T18:42:09.000Z' })
  finishedAt!: string;

  @ApiProperty({ example: '780000', description: 'Transfers, decisions and sealed balances that were digested again.' })
  rowCount!: string;

  @ApiProperty({ example: true })
  fits!: boolean;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'The first thing that does not fit.' })
  finding!: string | null;
}

export class AuditVerificationView {
  @ApiProperty({
    example: 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    description: 'The hash of the first link: tells the chain of this installation from any other.',
  })
  chainId!: string;

  @ApiProperty({ type: ChainHeadView })
  head!: ChainHeadView;

  @ApiProperty({ type: SignedHeadView, nullable: true, description: 'Null until a key has signed.' })
  signedHead!: SignedHeadView | null;

  @ApiProperty({ type: FinishedVerificationView, nullable: true, description: 'Of last night; null before the first.' })
  lastVerification!: FinishedVerificationView | null;
}
