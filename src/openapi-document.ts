import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { FRESH_SECONDS, permissionOf, type Freshness } from './identity/permissions.js';

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
    for (const [method, operation] of Object.entries(item as Record<string, { readonly description?: string }>)) {
      const permission = permissionOf(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'));
      if (permission?.roles.length) {
        Object.assign(operation, {
          security: [{ bearer: [] }],
          'x-roles': permission.roles,
          'x-record': permission.record,
          ...(permission.fresh ? freshnessOf(permission.fresh, operation) : {}),
        });
      }
    }
  }
  return document;
}

/** In the form for programs and in words. */
function freshnessOf(fresh: Freshness, { description = '' }: { readonly description?: string }): object {
  const minutes = FRESH_SECONDS[fresh] / 60;
  return {
    'x-fresh': fresh,
    description:
      `${description}\n\nThe second factor must have been proven within ${minutes} minutes; otherwise 403 step_up_required: POST /v1/auth/step-up, then send the request again.`.trim(),
  };
}

/** /openapi.json for programs, /docs for people. */
export function describeApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'openapi.json', raw: ['json'] });
}
