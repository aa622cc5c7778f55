import { Controller, Get, Module, Post } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { RouteDeclarations } from '../../src/identity/route-declarations.js';

@Controller('v1/claims')
class ListedController {
  @Get()
  listed() {}

  /** Not a route, so no line is needed. */
  helper() {}
}

@Controller('forgotten')
class ForgottenController {
  @Get('a')
  forgotten() {}

  @Post('b/:id')
  alsoForgotten() {}
}

@Controller('base')
class BaseController {
  @Get('inherited')
  inherited() {}
}

@Controller('child')
class InheritingController extends BaseController {}

function start(...controllers: (new () => object)[]) {
  @Module({ imports: [DiscoveryModule], controllers, providers: [RouteDeclarations] })
  class House {}
  return Test.createTestingModule({ imports: [House] })
    .compile()
    .then((module) => module.createNestApplication(new FastifyAdapter(), { logger: false }).init());
}

describe('a route', () => {
  it('with a line in the table lets the server start', async () => {
    const app = await start(ListedController);
    await app.close();
  });

  it('without one stops the server, which names every such route', async () => {
    await expect(start(ListedController, ForgottenController)).rejects.toThrow(
      'GET /forgotten/a, POST /forgotten/b/:id',
    );
    await expect(start(InheritingController)).rejects.toThrow('GET /child/inherited');
  });
});
