import { ApiProperty } from '@nestjs/swagger';
import { IsISO8601, Matches } from 'class-validator';
import { ApprovalRequestView } from '../approval/approval.dto.js';
import { FUNDING_TRANSITIONS, type FundingState } from './funding.state.js';

const STATES = Object.keys(FUNDING_TRANSITIONS) as FundingState[];

export class ProposeFundingDto {
  @ApiProperty({ example: '46311127000', description: 'Whole yen, as text.' })
  @Matches(/^[1-9]\d{0,14}$/, { message: 'amountJpy must be whole yen above 0, as text of at most 15 digits' })
  amountJpy!: string;

  @ApiProperty({
    example: 'MUFG-20180312-0001',
    description: 'What the bank calls the payment; each one counts once, whatever its letter case.',
  })
  @Matches(/^(?!.*\p{C})\S(.{0,62}\S)?$/u, {
    message:
      'bankReference must be the reference of the bank, 1 to 64 characters on one line, without blanks around it',
  })
  bankReference!: string;

  @ApiProperty({
    example: '2018-03-12',
    description: 'The day on which the cash was there, in Japan; not in the future.',
  })
  @Matches(/^(19|20)\d{2}-\d{2}-\d{2}$/, { message: 'valueDate must be a day such as 2018-03-12' })
  @IsISO8601({ strict: true }, { message: 'valueDate must be a day of the calendar' })
  valueDate!: string;

  @ApiProperty({
    example: 'Customers’ segregated account 1234567',
    description: 'The segregated account into which the cash was moved.',
  })
  @Matches(/^(?!.*\p{C})\S(.{0,98}\S)?$/u, {
    message: 'segregatedAccount must name the account, 1 to 100 characters on one line, without blanks around it',
  })
  segregatedAccount!: string;
}

export class FundingView {
  @ApiProperty({ example: '1' })
  id!: string;

  @ApiProperty({ enum: STATES })
  status!: FundingState;

  @ApiProperty({ example: '46311127000' })
  amountJpy!: string;

  @ApiProperty({ example: 'MUFG-20180312-0001' })
  bankReference!: string;

  @ApiProperty({ example: '2018-03-12' })
  valueDate!: string;

  @ApiProperty({ example: 'Customers’ segregated account 1234567' })
  segregatedAccount!: string;

  @ApiProperty({ example: '01932c07-209c-7e5f-8a3c-5a0c8f1f6a03' })
  madeBy!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  createdAt!: string;
}

export class ProposedFundingView extends FundingView {
  @ApiProperty({ type: ApprovalRequestView })
  approvalRequest!: ApprovalRequestView;
}

export class FundingPage {
  @ApiProperty({ type: [FundingView] })
  items!: FundingView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
