import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Context } from '../identity/context.decorator.js';
import { answerConditionally } from '../platform/http/conditional-answer.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { ProgressService } from './progress.service.js';
import { ProgressReleaseView, ProgressView } from './progress.views.js';

@ApiTags('incident')
@Controller('v1')
export class ProgressController {
  constructor(private readonly progress: ProgressService) {}

  @Get('public/progress')
  @ApiOperation({ summary: 'How far the refund is, in coarse steps; only once two people released it' })
  @ApiOkResponse({ type: ProgressView })
  @ApiNotFoundResponse({ description: 'progress_not_published' })
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    answerConditionally(request, reply, 'public, max-age=10', await this.progress.show());
  }

  @Post('incident/progress-releases')
  @Idempotent()
  @ApiOperation({ summary: 'Ask a second person to publish the progress' })
  @ApiCreatedResponse({ type: ProgressReleaseView })
  release(@Context() context: RequestContext) {
    return this.progress.release(context);
  }
}
