import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Req, StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Context } from '../../identity/context.decorator.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import { BulkLookUpView, CharsetDto } from './bulk-look-up.dto.js';
import { BulkLookUps } from './bulk-look-up.service.js';

@ApiTags('call centre')
@Controller('v1/bulk-look-ups')
export class BulkLookUpController {
  constructor(private readonly lookUps: BulkLookUps) {}

  @Post()
  @HttpCode(202)
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    type: CharsetDto,
    description:
      'This field, and the part `file`: CSV with the one column `key`, customer or claim numbers, at most 50,000.',
  })
  @ApiOperation({ summary: 'Look up many customer and claim numbers at once, in the background' })
  @ApiAcceptedResponse({ type: BulkLookUpView })
  ask(@Context() context: RequestContext, @Req() request: FastifyRequest) {
    return this.lookUps.ask(context, request);
  }

  @Get(':id')
  @ApiOperation({ summary: 'How far one of your own look-ups is' })
  @ApiOkResponse({ type: BulkLookUpView })
  show(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.lookUps.show(context, id);
  }

  @Get(':id/result.csv')
  @ApiOperation({ summary: 'The answers in the order of the keys, until they are destroyed' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ type: String })
  async result(
    @Context() context: RequestContext,
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { charset }: CharsetDto,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.lookUps.result(context, id, charset), {
      type: `text/csv; charset=${charset}`,
      disposition: 'attachment; filename="look-up.csv"',
    });
  }
}
