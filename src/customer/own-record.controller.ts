import { Controller, Get, Header, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CustomerPrincipal } from '../identity/customer-principal.js';
import { Customer } from '../identity/customer.decorator.js';
import { answerVersioned } from '../platform/http/conditional-answer.js';
import { PageQuery } from '../platform/pagination/page.js';
import { ProofView } from '../proof/proof.dto.js';
import { CustomerClaimView, CustomerTransactionPage } from './customer.views.js';
import { statementCsv } from './statement-csv.js';
import { statementPdf } from './statement-pdf.js';
import { OwnRecord } from './own-record.service.js';

/** Kept by the customer's own browser only, which asks each time whether it is still true. */
const OWN = 'private, no-cache';

@ApiTags('customer')
@Controller('v1/me')
export class OwnRecordController {
  constructor(private readonly record: OwnRecord) {}

  @Get('claim')
  @ApiOperation({ summary: 'My compensation: how much, how it was calculated, how far it is, what comes next' })
  @ApiOkResponse({ type: CustomerClaimView })
  @ApiResponse({ status: 304, description: 'Nothing has changed since the answer with this ETag.' })
  claim(
    @Customer() customer: CustomerPrincipal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answerVersioned(request, reply, OWN, this.record.claim(customer));
  }

  @Get('statement.pdf')
  @Header('Content-Type', 'application/pdf')
  @Header('Content-Disposition', 'attachment; filename="nem-statement.pdf"')
  @ApiOperation({
    summary: 'My statement for the tax office: calculation, posting date and its year; Japanese and English',
  })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async statementPdf(@Customer() { holderId }: CustomerPrincipal): Promise<Buffer> {
    return statementPdf(await this.record.statement(holderId));
  }

  @Get('statement.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="nem-statement.csv"')
  @ApiOperation({ summary: 'The same statement for a spreadsheet' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async statementCsv(@Customer() { holderId }: CustomerPrincipal): Promise<string> {
    return statementCsv(await this.record.statement(holderId));
  }

  @Get('transactions')
  @ApiOperation({ summary: 'What the programme has posted to my JPY balance, newest first' })
  @ApiOkResponse({ type: CustomerTransactionPage })
  transactions(@Customer() { holderId }: CustomerPrincipal, @Query() page: PageQuery) {
    return this.record.transactions(holderId, page);
  }

  @Get('proof')
  @ApiOperation({ summary: 'My path in the newest published proof, for the verifier' })
  @ApiOkResponse({ type: ProofView })
  proof(@Customer() { holderId }: CustomerPrincipal) {
    return this.record.proof(holderId);
  }
}
