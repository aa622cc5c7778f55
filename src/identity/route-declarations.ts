import { Injectable, RequestMethod, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { permissionOf } from './permissions.js';

/** Nobody can forget to say who may use a route: the server does not start with one that the table does not list. */
@Injectable()
export class RouteDeclarations implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const unlisted = this.routes().filter(({ method, path }) => !permissionOf(method, path));
    if (unlisted.length > 0) {
      const names = unlisted.map(({ method, path }) => `${method} ${path}`).join(', ');
      throw new Error(`These routes have no line in src/identity/permissions.ts: ${names}`);
    }
  }

  /** Every route of every controller, inherited ones too, as the HTTP server will know it. */
  private routes(): { method: string; path: string }[] {
    return this.discovery.getControllers().flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, object>;
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name] as object;
        const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
        if (method === undefined) return [];
        return [{ method: RequestMethod[method], path: pathOf(pathAt(metatype), pathAt(handler)) }];
      });
    });
  }
}

function pathAt(target: object): string {
  return String(Reflect.getMetadata(PATH_METADATA, target) ?? '');
}

function pathOf(...parts: string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')}`;
}
