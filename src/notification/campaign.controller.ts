import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Context } from '../identity/context.decorator.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { PageQuery } from '../platform/pagination/page.js';
import { MailQuery, WriteCampaignDto } from './campaign.dto.js';
import { CampaignService } from './campaign.service.js';
import { CampaignPage, CampaignPreviewView, CampaignView, MailPage, SubmittedCampaignView } from './campaign.views.js';

@ApiTags('notification')
@Controller('v1/mail-campaigns')
export class CampaignController {
  constructor(private readonly campaigns: CampaignService) {}

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Write a campaign with its waves; nothing goes out before another person releases it' })
  @ApiCreatedResponse({ type: CampaignView })
  write(@Context() context: RequestContext, @Body() campaign: WriteCampaignDto) {
    return this.campaigns.write(context, campaign);
  }

  @Post(':id/submit')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Ask another person to release a campaign' })
  @ApiOkResponse({ type: SubmittedCampaignView })
  submit(@Context() context: RequestContext, @Param('id', ParseUUIDPipe) id: string) {
    return this.campaigns.submit(context, id);
  }

  @Get()
  @ApiOperation({ summary: 'Campaigns with their progress, newest first' })
  @ApiOkResponse({ type: CampaignPage })
  list(@Query() query: PageQuery) {
    return this.campaigns.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One campaign, with the mails of each wave counted by state' })
  @ApiOkResponse({ type: CampaignView })
  show(@Param('id', ParseUUIDPipe) id: string) {
    return this.campaigns.show(id);
  }

  @Get(':id/preview')
  @ApiOperation({ summary: 'Whom each wave would reach now, who would get nothing and why, and the first mails' })
  @ApiOkResponse({ type: CampaignPreviewView })
  preview(@Param('id', ParseUUIDPipe) id: string) {
    return this.campaigns.preview(id);
  }

  @Get(':id/mails')
  @ApiOperation({ summary: 'Every mail of a campaign; those that were not sent say why' })
  @ApiOkResponse({ type: MailPage })
  mails(@Param('id', ParseUUIDPipe) id: string, @Query() query: MailQuery) {
    return this.campaigns.mails(id, query);
  }

  @Post(':id/waves/:seq/pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop sending a wave for now' })
  @ApiOkResponse({ type: CampaignView })
  pause(
    @Context() context: RequestContext,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('seq', ParseIntPipe) seq: number,
  ) {
    return this.campaigns.pause(context, id, seq);
  }

  @Post(':id/waves/:seq/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Go on with a paused wave' })
  @ApiOkResponse({ type: CampaignView })
  resume(
    @Context() context: RequestContext,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('seq', ParseIntPipe) seq: number,
  ) {
    return this.campaigns.resume(context, id, seq);
  }

  @Post(':id/waves/:seq/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give up a planned or paused wave: what was not sent stays unsent' })
  @ApiOkResponse({ type: CampaignView })
  cancel(
    @Context() context: RequestContext,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('seq', ParseIntPipe) seq: number,
  ) {
    return this.campaigns.cancel(context, id, seq);
  }
}
