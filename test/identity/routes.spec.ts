import { Controller, Get, Module, Post } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Public, Roles } from '../../src/identity/roles.decorator.js';
import { RouteDeclarations } from '../../src/identity/route-declarations.js';
import { openApiDocument } from '../../src/openapi-document.js';
import { createTestApp } from '../harness/app.js';

@Controller('declared')
class DeclaredController {
  @Get()
  @Roles('auditor')
  withRoles() {}

  @Post()
  @Public()
  open() {}

  /** Not a route, so it declares nothing. */
  helper() {}
}

@Public()
@Controller('all-public')
class PublicController {
  @Get()
  first() {}
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  @Roles('auditor')
  declared() {}

  @Get('a')
  forgotten() {}

  @Post('b')
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
  it('that declares its roles or is public lets the server start', async () => {
    const app = await start(DeclaredController, PublicController);
    await app.close();
  });

  it('without a declaration stops the server, which names every one of them', async () => {
    await expect(start(DeclaredController, ForgottenController)).rejects.toThrow(
      'ForgottenController.forgotten, ForgottenController.alsoForgotten',
    );
    await expect(start(InheritingController)).rejects.toThrow('InheritingController.inherited');
  });

  it('shows its roles in the OpenAPI document, or that it needs none', async () => {
    const server = await createTestApp();
    try {
      const document = openApiDocument(server.app);
      const operations = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => ({
          path,
          method,
          operation: operation as { security?: unknown; 'x-roles'?: string[] },
        })),
      );
      expect(operations.length).toBeGreaterThan(5);
      for (const { operation } of operations)
        expect(Boolean(operation.security)).toBe(Boolean(operation['x-roles']?.length));
      const publicRoutes = operations
        .filter(({ operation }) => !operation.security)
        .map(({ method, path }) => `${method} ${path}`);
      for (const route of publicRoutes)
        expect(route).toMatch(/ \/(health|v1\/auth|v1\/public|v1\/mail-reports|metrics)/);
    } finally {
      await server.close();
    }
  });

  it('for an administrator is about accounts and nothing else', async () => {
    const server = await createTestApp();
    try {
      const { paths } = openApiDocument(server.app);
      const open = Object.entries(paths).filter(([, item]) =>
        Object.values(item).some((operation: { 'x-roles'?: string[] }) =>
          operation['x-roles']?.includes('administrator'),
        ),
      );
      expect(open.map(([path]) => path).toSorted()).toEqual([
        '/v1/auth/logout',
        '/v1/staff',
        '/v1/staff/{id}',
        '/v1/staff/{id}/reset',
      ]);
    } finally {
      await server.close();
    }
  });
});
