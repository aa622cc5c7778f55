import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { SignReleaseDto } from '../release/release.dto.js';
import { ReleaseView, STATEMENT_SCHEMA } from '../release/release.views.js';
import { BatchIdPipe } from './batch-id.pipe.js';
import { CreditBatchItemsCsv } from './credit-batch-items-csv.js';
import { CreditBatchReleases } from './credit-batch-releases.js';

@ApiTags('credit batches')
@Controller('v1/credit-batches/:id')
export class CreditBatchReleaseController {
  constructor(
    private readonly releases: CreditBatchReleases,
    private readonly items: CreditBatchItemsCsv,
  ) {}

  @Get('release')
  @ApiOperation({ summary: 'What several keys sign before the batch may begin, and which have' })
  @ApiOkResponse({ type: ReleaseView })
  show(@Param('id', BatchIdPipe) id: bigint) {
    return this.releases.show(id);
  }

  @Get('release/statement.json')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="statement.json"')
  @ApiOperation({ summary: 'The statement exactly as it is signed, for npm run release:sign' })
  @ApiProduces('application/json')
  @ApiOkResponse({ schema: STATEMENT_SCHEMA })
  statement(@Param('id', BatchIdPipe) id: bigint) {
    return this.releases.statement(id);
  }

  @Get('items.csv')
  @Header('Content-Type', 'text/csv; charset=utf-8')
  @Header('Content-Disposition', 'attachment; filename="items.csv"')
  @ApiOperation({ summary: 'Every item as the root in the statement covers it, for release:sign --items' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ type: String })
  itemsCsv(@Param('id', BatchIdPipe) id: bigint) {
    return this.items.csv(id);
  }

  @Post('release')
  @Idempotent()
  @ApiOperation({ summary: 'Make the statement anew when it has expired; all keys sign again' })
  @ApiCreatedResponse({ type: ReleaseView })
  remake(@Context() context: RequestContext, @Param('id', BatchIdPipe) id: bigint) {
    return this.releases.remake(context, id);
  }

  @Post('release/signatures')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Hand in a signature; with the last one that is needed the batch begins' })
  @ApiOkResponse({ type: ReleaseView })
  sign(@Context() context: RequestContext, @Param('id', BatchIdPipe) id: bigint, @Body() signed: SignReleaseDto) {
    return this.releases.sign(context, id, signed);
  }
}
