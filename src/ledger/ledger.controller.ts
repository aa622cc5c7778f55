import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import { FundingPage, ProposedFundingView, ProposeFundingDto } from './funding.dto.js';
import { FundingService } from './funding.service.js';
import {
  AccountFilter,
  AccountPage,
  FundingParams,
  TransferFilter,
  TransferPage,
  TrialBalanceView,
} from './ledger.dto.js';
import { LedgerService } from './ledger.service.js';

@ApiTags('ledger')
@Controller('v1/ledger')
export class LedgerController {
  constructor(
    private readonly ledger: LedgerService,
    private readonly fundings: FundingService,
  ) {}

  @Post('fundings')
  @Idempotent()
  @ApiOperation({
    summary: 'Propose to count cash of the company into the compensation fund; another person approves it',
  })
  @ApiCreatedResponse({ type: ProposedFundingView })
  propose(@Context() context: RequestContext, @Body() proposal: ProposeFundingDto) {
    return this.fundings.propose(context, proposal);
  }

  @Post('fundings/:fundingId/submit')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask again for a funding that lapsed because nobody decided in time' })
  @ApiOkResponse({ type: ProposedFundingView })
  submit(@Context() context: RequestContext, @Param() { fundingId }: FundingParams) {
    return this.fundings.submit(context, BigInt(fundingId));
  }

  @Get('fundings')
  @ApiOperation({ summary: 'Fundings, newest first' })
  @ApiOkResponse({ type: FundingPage })
  listFundings(@Query() query: PageQuery) {
    return this.fundings.list(query);
  }

  @Get('accounts')
  @ApiOperation({ summary: 'Balances: each kind of account with its total, or the accounts of one kind' })
  @ApiOkResponse({ type: AccountPage })
  listAccounts(@Context() context: RequestContext, @Query() filter: AccountFilter) {
    return this.ledger.listAccounts(context, filter);
  }

  @Get('transfers')
  @ApiOperation({ summary: 'Transfers, newest first' })
  @ApiOkResponse({ type: TransferPage })
  listTransfers(@Query() filter: TransferFilter) {
    return this.ledger.listTransfers(filter);
  }

  @Get('trial-balance')
  @ApiOperation({ summary: 'Debits, credits and balance by kind of account, from the transfers and as kept' })
  @ApiOkResponse({ type: TrialBalanceView })
  trialBalance() {
    return this.ledger.trialBalance();
  }
}
