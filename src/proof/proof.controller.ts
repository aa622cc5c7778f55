import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { PageQuery } from '../platform/pagination/page.js';
import { ProofView, PublishedProofPage } from './proof.dto.js';
import { Proofs } from './proofs.js';

@ApiTags('proof')
@Controller('v1')
export class ProofController {
  constructor(private readonly proofs: Proofs) {}

  @Get('public/proofs')
  @ApiOperation({ summary: 'The root and the totals of every published tree, newest first' })
  @ApiOkResponse({ type: PublishedProofPage })
  list(@Query() query: PageQuery) {
    return this.proofs.list(query);
  }

  @Get('holders/:customerNo/proof')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The path from one customer to the newest published root' })
  @ApiOkResponse({ type: ProofView })
  show(@Context() { actor }: RequestContext, @Param('customerNo') customerNo: string) {
    return this.proofs.ofCustomer(actor, customerNo);
  }
}
