import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { permissionOf } from './identity/permissions.js';

/** The routes as they are, and for each of them who may use it. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Henkin (返金)')
    .setDescription(
      'Pays the victims of an exchange theft back. Money and quantities are decimal strings. Errors are application/problem+json with a stable code; Accept-Language chooses ja or en.',
    )
    .setVersion('1')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config);
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, object>)) {
      const permission = permissionOf(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'));
      if (permission?.roles.length) {
        Object.assign(operation, {
          security: [{ bearer: [] }],
          'x-roles': permission.roles,
          'x-record': permission.record,
        });
      }
    }
  }
  return document;
}

/** /openapi.json for programs, /docs for people. */
export function describeApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'openapi.json', raw: ['json'] });
}
