import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Context } from '../identity/context.decorator.js';
import { CreateStaffDto } from '../identity/staff.dto.js';
import type { RequestContext } from '../platform/http/request-context.js';
import { Idempotent } from '../platform/idempotency/idempotent.decorator.js';
import { AskedAccountsView, AskedAccountView } from './account.dto.js';
import { Accounts } from './accounts.js';

@ApiTags('staff')
@Controller('v1/staff')
export class AccountController {
  constructor(private readonly accounts: Accounts) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Ask for an account; another person agrees, and its owner chooses password and second factor',
  })
  @ApiCreatedResponse({ type: AskedAccountView })
  ask(@Context() context: RequestContext, @Body() account: CreateStaffDto) {
    return this.accounts.ask(context, account);
  }

  @Post('files')
  @HttpCode(201)
  @Idempotent()
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } },
    description:
      'The part `file`: CSV (UTF-8) with login,name,role,employer,team,mail,last_day and, if wanted, customer_no and oidc_subject.',
  })
  @ApiOperation({
    summary: 'Ask for all accounts of a file; each owner gets a one-time token by mail when another agrees',
  })
  @ApiCreatedResponse({ type: AskedAccountsView })
  askForFile(@Context() context: RequestContext, @Req() request: FastifyRequest) {
    return this.accounts.askForFile(context, request);
  }
}
