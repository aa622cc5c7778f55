import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, Matches, ValidateIf } from 'class-validator';
import { AccountKind, TransferKind } from '../platform/database/prisma.js';
import { PageQuery } from '../platform/pagination/page.js';
import { MayBeLeftOut } from '../platform/http/may-be-left-out.decorator.js';

const ACCOUNT_KINDS = Object.values(AccountKind);
const TRANSFER_KINDS = Object.values(TransferKind);

export class FundingParams {
  @ApiProperty({ example: '1' })
  @Matches(/^\d{1,18}$/, { message: 'fundingId must be an id as fundings show it' })
  fundingId!: string;
}

export class AccountFilter extends PageQuery {
  @ApiPropertyOptional({
    enum: ACCOUNT_KINDS,
    description: 'Lists the accounts of this kind one by one; without it, each kind is one line with its total.',
  })
  @MayBeLeftOut()
  @IsIn(ACCOUNT_KINDS)
  kind?: AccountKind;
}

export class AccountView {
  @ApiProperty({
    type: String,
    nullable: true,
    example: '2',
    description: 'Null where the line stands for all accounts of its kind.',
  })
  id!: string | null;

  @ApiProperty({ enum: ACCOUNT_KINDS })
  kind!: AccountKind;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Whose wallet it is.' })
  holderId!: string | null;

  @ApiProperty({ example: '1', description: 'Accounts in this line.' })
  accountCount!: string;

  @ApiProperty({ example: '46311127000', description: 'Credits minus debits.' })
  balanceJpy!: string;

  @ApiProperty({
    example: '補償原資(分別済)',
    description: 'The name that people read, in the language of the request.',
  })
  title!: string;

  @ApiProperty({
    example: '46311127000',
    description: 'The figure that people read: own funds show the total contributed.',
  })
  shownJpy!: string;
}

export class AccountPage {
  @ApiProperty({ type: [AccountView] })
  items!: AccountView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

export class TransferFilter extends PageQuery {
  @ApiPropertyOptional({ enum: TRANSFER_KINDS, description: 'Only transfers of this kind.' })
  @ValidateIf(({ kind, referenceId }: TransferFilter) => kind !== undefined || referenceId !== undefined)
  @IsIn(TRANSFER_KINDS, {
    message:
      'kind must be one of funding, approval, approval_withdrawal, credit; referenceId needs it, because ids of different kinds overlap',
  })
  kind?: TransferKind;

  @ApiPropertyOptional({ example: '7', description: 'Only transfers for this funding, run or claim; needs kind.' })
  @MayBeLeftOut()
  @Matches(/^\d{1,18}$/, { message: 'referenceId must be an id as transfers show it' })
  referenceId?: string;

  @ApiPropertyOptional({ example: '2018-03-12', description: 'Only transfers with this posting date.' })
  @MayBeLeftOut()
  @Matches(/^(19|20)\d{2}-\d{2}-\d{2}$/, { message: 'postingDate must be a day such as 2018-03-12' })
  @IsISO8601({ strict: true }, { message: 'postingDate must be a day of the calendar' })
  postingDate?: string;
}

export class TransferView {
  @ApiProperty({ example: '4' })
  id!: string;

  @ApiProperty({ enum: TRANSFER_KINDS })
  kind!: TransferKind;

  @ApiProperty({ example: '3' })
  debitAccountId!: string;

  @ApiProperty({ example: '1204' })
  creditAccountId!: string;

  @ApiProperty({ example: '88549' })
  amountJpy!: string;

  @ApiProperty({ example: '1201', description: 'The funding, approval run or claim that it was made for.' })
  referenceId!: string;

  @ApiProperty({ example: '2018-03-12', description: 'In Japan.' })
  postingDate!: string;

  @ApiProperty({ example: 'NEM補償金' })
  label!: string;

  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  createdAt!: string;
}

export class TransferPage {
  @ApiProperty({ type: [TransferView] })
  items!: TransferView[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}

export class TrialBalanceLine {
  @ApiProperty({ enum: ACCOUNT_KINDS })
  kind!: AccountKind;

  @ApiProperty({ example: '1' })
  accountCount!: string;

  @ApiProperty({ example: '0', description: 'Sum over the transfers that debit these accounts.' })
  debitsJpy!: string;

  @ApiProperty({ example: '46311127000', description: 'Sum over the transfers that credit these accounts.' })
  creditsJpy!: string;

  @ApiProperty({ example: '46311127000', description: 'Credits minus debits.' })
  balanceJpy!: string;

  @ApiProperty({ example: '46311127000', description: 'The balances kept on the accounts.' })
  keptBalanceJpy!: string;

  @ApiProperty({ example: '0', description: 'Kept balance minus the sum over the transfers.' })
  differenceJpy!: string;

  @ApiProperty({
    example: '0',
    description:
      'Accounts whose kept balance is not the sum over their transfers; differences of two accounts cannot hide each other.',
  })
  differingAccounts!: string;
}

export class TrialBalanceView {
  @ApiProperty({ example: '2018-03-12T01:00:00.000Z' })
  asOf!: string;

  @ApiProperty({ type: [TrialBalanceLine] })
  lines!: TrialBalanceLine[];

  @ApiProperty({ example: '0', description: 'Sum of all balances: 0 in books that balance.' })
  totalJpy!: string;

  @ApiProperty({ example: true, description: 'The total is 0 and no account differs from its transfers.' })
  balanced!: boolean;
}
