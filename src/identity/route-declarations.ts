import { Injectable, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ALLOWED_ROLES } from '../platform/http/allowed-roles.decorator.js';
import { PUBLIC } from '../platform/http/public.decorator.js';

/** Nobody can forget to say who may use a route: the server does not start with one that is undeclared. */
@Injectable()
export class RouteDeclarations implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const undeclared = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? this.undeclaredRoutes(metatype) : []));
    if (undeclared.length > 0)
      throw new Error(`These routes say neither @Roles(...) nor @Public(): ${undeclared.join(', ')}`);
  }

  private undeclaredRoutes(controller: Function): string[] {
    const prototype = controller.prototype as Record<string, unknown>;
    return this.scanner
      .getAllMethodNames(prototype)
      .filter((name) => {
        const handler = prototype[name];
        if (typeof handler !== 'function' || Reflect.getMetadata(METHOD_METADATA, handler) === undefined) return false;
        const targets = [handler, controller];
        return (
          !this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets as []) &&
          !this.reflector.getAllAndOverride<string[] | undefined>(ALLOWED_ROLES, targets as [])?.length
        );
      })
      .map((name) => `${controller.name}.${name}`);
  }
}
