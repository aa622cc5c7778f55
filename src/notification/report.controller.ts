import { Body, Controller, Headers, HttpCode, Post, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { ReportService } from './report.service.js';
import { ReportView } from './report.views.js';

/** A report carries at most the mail that it is about, and ours are small. */
const MOST_BYTES = 256 * 1024;

@ApiTags('notification')
@Controller('v1/mail-reports')
export class ReportController implements OnModuleInit {
  constructor(
    private readonly reports: ReportService,
    private readonly http: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.http.httpAdapter.getInstance<FastifyInstance>();
    if (fastify.hasContentTypeParser('message/rfc822')) return;
    fastify.addContentTypeParser(
      'message/rfc822',
      { parseAs: 'string', bodyLimit: MOST_BYTES },
      (_request, body, done) => done(null, body),
    );
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Hand in a bounce (RFC 3464) or complaint (RFC 5965) as received',
    description: 'For the mail server: Authorization: Bearer with the value of MAIL_REPORT_SECRET.',
  })
  @ApiConsumes('message/rfc822')
  @ApiBody({ schema: { type: 'string' } })
  @ApiAcceptedResponse({ type: ReportView })
  receive(@Headers('authorization') authorization: string | undefined, @Body() raw: unknown) {
    return this.reports.receive(authorization, raw);
  }
}
