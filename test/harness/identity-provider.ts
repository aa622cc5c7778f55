import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JwtService } from '@nestjs/jwt';
import { Provider } from 'oidc-provider';
import type { OidcStartedView } from '../../src/identity/oidc.dto.js';
import type { Settings } from '../../src/platform/config/config.js';

export type Claims = Readonly<Record<string, unknown>>;

/** An ID token that the provider would not have written: its claims changed, or its signature someone else's. */
export interface Forgery {
  readonly claims?: Claims;
  readonly foreignKey?: boolean;
}

export interface Visitor {
  readonly sub: string;
  readonly claims?: Claims;
  readonly amr?: readonly string[];
}

/** What somebody changes in the address on the way there, and in what comes back. */
export interface Attack {
  readonly there?: Readonly<Record<string, string>>;
  readonly back?: Readonly<Record<string, string>>;
}

export interface IdentityProvider {
  readonly issuer: string;
  readonly redirectUri: string;
  /** By which a server knows it, for its staff or for its customers. */
  settingsFor(whom: 'staff' | 'customer'): Partial<Settings>;
  /**
   * Goes to where the server sends a browser, signs in as this person, and answers what the page then sends to the server.
   */
  visit(begun: OidcStartedView, visitor: Visitor, attack?: Attack): Promise<Record<string, string>>;
  /** From now on; null is the truth again. */
  forge(next: Forgery | null): void;
  close(): Promise<void>;
}

/** A real OpenID provider on loopback, which asks nobody for a password. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: 'henkin', clientSecret: randomBytes(24).toString('hex') };
  const redirectUri = 'http://127.0.0.1:9/signed-in';
  const people = new Map<string, Claims>();
  const [own, foreign] = [newKey(), newKey()];
  let forgery: Forgery | null = null;
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...own.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub', 'customer_no', 'amr'] },
    conformIdTokenClaims: false,
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/person/${uid}` },
    loadExistingGrant: async (context: GrantContext) => {
      const { session, client: asking } = context.oidc;
      const grant = new context.oidc.provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, ...people.get(sub) }),
    }),
  });
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string };
    if (context.oidc?.route !== 'token' || !forgery || !body.id_token) return;
    const jwt = new JwtService();
    const claims = { ...jwt.decode<Claims>(body.id_token), ...forgery.claims };
    const privateKey = (forgery.foreignKey ? foreign : own).export({ format: 'pem', type: 'pkcs8' }).toString();
    body.id_token = jwt.sign(claims, { privateKey, algorithm: 'RS256', keyid: 'own' });
  });
  const answer = provider.callback();
  let visitor: { readonly accountId: string; readonly amr: readonly string[] } = { accountId: '', amr: [] };
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/person/')) void provider.interactionFinished(request, response, { login: visitor });
    else answer(request, response);
  });
  return {
    issuer,
    redirectUri,
    settingsFor: (whom) =>
      whom === 'staff'
        ? {
            staffOidcIssuer: issuer,
            staffOidcClientId: client.clientId,
            staffOidcClientSecret: client.clientSecret,
            staffOidcRedirectUri: redirectUri,
          }
        : {
            customerOidcIssuer: issuer,
            customerOidcClientId: client.clientId,
            customerOidcClientSecret: client.clientSecret,
            customerOidcRedirectUri: redirectUri,
          },
    visit: async (
      { signInSecret, authorizationUrl },
      { sub, claims = {}, amr = [] },
      { there = {}, back = {} } = {},
    ) => {
      people.set(sub, claims);
      visitor = { accountId: sub, amr };
      const url = new URL(authorizationUrl);
      for (const [name, value] of Object.entries(there)) url.searchParams.set(name, value);
      const returned = await followTo(redirectUri, url);
      return { signInSecret, ...Object.fromEntries(returned.searchParams), ...back };
    },
    forge: (next) => {
      forgery = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface GrantContext {
  readonly oidc: {
    readonly session: { readonly accountId: string };
    readonly client: { readonly clientId: string };
    readonly provider: {
      readonly Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<string> };
    };
  };
}

function newKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

/** Redirect after redirect with the cookies so far, until the browser would leave the provider. */
async function followTo(end: string, from: URL): Promise<URL> {
  const cookies = new Map<string, string>();
  for (let url = from; ;) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`the provider stays at ${url.pathname}: ${await response.text()}`);
    url = new URL(location, url);
    if (url.href.startsWith(end)) return url;
  }
}
