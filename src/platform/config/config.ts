import 'reflect-metadata';
import { join } from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { JAPANESE_HOLIDAYS } from '../clock/holidays.js';
import {
  dates,
  domainName,
  flag,
  hours,
  httpUrl,
  mailAddress,
  oneOf,
  postgresUrl,
  secret,
  smtpUrl,
  text,
  Variable,
  webOrigin,
  webUrl,
  wholeNumber,
  wholeYen,
  type Hours,
} from './variable.decorator.js';

/** Stricter than the programme's own limit is allowed, looser is not; the database holds the same limit. */
const TWO_CHECKERS_ABOVE_JPY = 100_000_000n;

const POSTGRES_URL = 'a URL such as postgresql://henkin_app:password@host:5432/henkin';
const SECRET = 'random text of at least 32 characters, for instance from: openssl rand -hex 32';

/** An identity provider of the company's own, and what it knows this program by. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** What the environment says; null is what the embedded PostgreSQL fills in. */
export class Settings {
  @Variable('DATABASE_URL', `${POSTGRES_URL} with the application's role`, postgresUrl)
  readonly databaseUrl: string | null = null;

  @Variable('DATABASE_POOL_SIZE', 'a whole number from 1 to 100', wholeNumber(1, 100))
  readonly databasePoolSize: number = 10;

  @Variable('DATA_DIR', 'the name of a folder', text)
  readonly dataDir: string = '.data';

  @Variable('HOST', 'an address to listen on, such as 127.0.0.1', text)
  readonly host: string = '127.0.0.1';

  @Variable('PORT', 'a whole number from 0 to 65535', wholeNumber(0, 65_535))
  readonly port: number = 3000;

  @Variable('TOKEN_SECRET', SECRET, secret)
  readonly tokenSecret: string | null = null;

  @Variable('RUN_JOBS', 'true or false: whether this process also does the background work', flag)
  readonly runJobs: boolean = true;

  @Variable('TRUST_PROXY', 'true or false: whether X-Forwarded-For comes from a proxy of yours', flag)
  readonly trustProxy: boolean = false;

  @Variable('TLS_TERMINATED', 'true or false: whether a proxy of yours speaks TLS to the outside', flag)
  readonly tlsTerminated: boolean = false;

  @Variable('PUBLIC_METRICS', 'true or false: whether /metrics answers others than this machine', flag)
  readonly publicMetrics: boolean = false;

  @Variable('PUBLIC_DOCS', 'true or false: whether /docs and /openapi.json are served', flag)
  readonly publicDocs: boolean | null = null;

  @Variable(
    'LOG_LEVEL',
    'fatal, error, warn, info, debug or silent',
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
  )
  readonly logLevel: string = 'info';

  @Variable(
    'TWO_CHECKERS_ABOVE_JPY',
    `whole yen up to ${TWO_CHECKERS_ABOVE_JPY}: it can only be made stricter`,
    wholeYen(TWO_CHECKERS_ABOVE_JPY),
  )
  readonly twoCheckersAboveJpy: bigint = TWO_CHECKERS_ABOVE_JPY;

  @Variable('HOLIDAYS', 'further days without business, such as 2028-01-10,2028-02-11', dates(JAPANESE_HOLIDAYS))
  readonly holidays: ReadonlySet<string> = new Set(JAPANESE_HOLIDAYS);

  @Variable('MAX_UPLOAD_MIB', 'a whole number from 1 to 4096', wholeNumber(1, 4096))
  readonly maxUploadMib: number = 512;

  @Variable('SMTP_URL', 'a URL such as smtp://user:password@host:587 or smtps://host', smtpUrl)
  readonly smtpUrl: string | null = null;

  @Variable('MAIL_FROM', 'the sender of mails, such as info@example.jp', mailAddress)
  readonly mailFrom: string = 'no-reply@localhost';

  @Variable('MAIL_REPORT_SECRET', SECRET, secret)
  readonly mailReportSecret: string | null = null;

  @Variable(
    'WATCH_DATABASE_URL',
    'a URL such as postgresql://henkin_watch:password@host:5432/henkin with the role of the watch',
    postgresUrl,
  )
  readonly watchDatabaseUrl: string | null = null;

  @Variable('RUN_WATCH', 'true or false: whether npm start also starts the watch beside the server', flag)
  readonly runWatch: boolean | null = null;

  @Variable('WATCH_MAIL_TO', 'the address that alerts are mailed to, such as night-duty@example.jp', mailAddress)
  readonly watchMailTo: string | null = null;

  @Variable('WATCH_WEBHOOK_URL', 'an http or https URL that alerts are posted to', httpUrl)
  readonly watchWebhookUrl: string | null = null;

  @Variable('WATCH_CREDIT_HOURS', 'hours of Japanese time in which credits are expected, such as 09:00-17:30', hours)
  readonly watchCreditHours: Hours = { from: '00:00', to: '24:00' };

  @Variable('WATCH_MOST_CREDITS_PER_SECOND', 'a whole number from 1 to 1000000', wholeNumber(1, 1_000_000))
  readonly watchMostCreditsPerSecond: number = 200_000;
  @Variable('WEBAUTHN_ORIGIN', 'where the pages of staff are, such as https://henkin.example.jp', webOrigin)
  readonly webauthnOrigin: string = 'http://localhost:3000';

  @Variable('WEBAUTHN_RP_ID', 'the domain for which passkeys are made, such as example.jp', domainName)
  readonly webauthnRpId: string = 'localhost';

  @Variable('CUSTOMER_OIDC_ISSUER', 'an https URL such as https://id.example.jp', webUrl)
  readonly customerOidcIssuer: string | null = null;

  @Variable('CUSTOMER_OIDC_CLIENT_ID', 'the name that the identity provider knows this program by', text)
  readonly customerOidcClientId: string | null = null;

  @Variable('CUSTOMER_OIDC_CLIENT_SECRET', 'the secret that the identity provider gave', text)
  readonly customerOidcClientSecret: string | null = null;

  @Variable('CUSTOMER_OIDC_REDIRECT_URI', 'an https URL: the page to which the provider sends customers back', webUrl)
  readonly customerOidcRedirectUri: string | null = null;

  @Variable('CUSTOMER_OIDC_CUSTOMER_NO_CLAIM', 'the name of a claim in the ID token', text)
  readonly customerOidcCustomerNoClaim: string = 'customer_no';

  @Variable('STAFF_OIDC_ISSUER', 'an https URL such as https://id.example.jp', webUrl)
  readonly staffOidcIssuer: string | null = null;

  @Variable('STAFF_OIDC_CLIENT_ID', 'the name that the identity provider knows this program by', text)
  readonly staffOidcClientId: string | null = null;

  @Variable('STAFF_OIDC_CLIENT_SECRET', 'the secret that the identity provider gave', text)
  readonly staffOidcClientSecret: string | null = null;

  @Variable('STAFF_OIDC_REDIRECT_URI', 'an https URL: the page to which the provider sends staff back', webUrl)
  readonly staffOidcRedirectUri: string | null = null;

  @Variable('STAFF_OIDC_SECOND_FACTOR', 'values of amr or acr, separated by commas, such as mfa,hwk', text)
  readonly staffOidcSecondFactor: string = 'mfa';

  @Variable('AUDIT_SIGNING_KEY_FILE', 'the name of a file for the key that signs the audit chain', text)
  readonly auditSigningKeyFile: string | null = null;

  @Variable('AUDIT_ANCHOR_MAIL', 'an address that gets the signed head of the audit chain every night', mailAddress)
  readonly auditAnchorMail: string | null = null;

  @Variable(
    'AUDIT_ANCHOR_URL',
    'an http or https URL that the signed head of the audit chain is posted to every night',
    httpUrl,
  )
  readonly auditAnchorUrl: string | null = null;

  @Variable('RAW_UPLOAD_RETENTION_DAYS', 'a whole number from 1 to 3650', wholeNumber(1, 3650))
  readonly rawUploadRetentionDays: number = 30;

  @Variable('BULK_LOOK_UP_RETENTION_HOURS', 'a whole number from 1 to 168', wholeNumber(1, 168))
  readonly bulkLookUpRetentionHours: number = 24;
}

/** What the program runs with: the settings, completed by the database that was opened for them. */
export class Config extends Settings {
  override readonly databaseUrl: string;
  override readonly tokenSecret: string;
  override readonly publicDocs: boolean;
  override readonly runWatch: boolean;
  override readonly auditSigningKeyFile: string | null;

  constructor(
    settings: Settings,
    opened: { readonly databaseUrl: string; readonly tokenSecret: string; readonly watchDatabaseUrl?: string },
  ) {
    super();
    Object.assign(this, settings, opened);
    this.databaseUrl = opened.databaseUrl;
    this.tokenSecret = opened.tokenSecret;
    // The embedded database is one machine that does everything; elsewhere the watch is a service of its own.
    this.runWatch = settings.runWatch ?? settings.databaseUrl === null;
    // Someone who only tries the program out wants the documentation; an installation has to ask for it.
    this.publicDocs = settings.publicDocs ?? settings.databaseUrl === null;
    // Beside an embedded database there is one machine; several must be told where they find the one key.
    const ownKeyFile = settings.databaseUrl === null ? join(settings.dataDir, 'audit-signing-key.pem') : null;
    this.auditSigningKeyFile = settings.auditSigningKeyFile ?? ownKeyFile;
  }

  /** The customers' identity provider; null where they sign in by mailed codes only. */
  get customerOidc(): OidcSettings | null {
    const {
      customerOidcIssuer: issuer,
      customerOidcClientId: clientId,
      customerOidcClientSecret: clientSecret,
      customerOidcRedirectUri: redirectUri,
    } = this;
    return issuer && clientId && clientSecret && redirectUri ? { issuer, clientId, clientSecret, redirectUri } : null;
  }

  /** The provider of the company's own staff; null where they sign in here only. */
  get staffOidc(): OidcSettings | null {
    const {
      staffOidcIssuer: issuer,
      staffOidcClientId: clientId,
      staffOidcClientSecret: clientSecret,
      staffOidcRedirectUri: redirectUri,
    } = this;
    return issuer && clientId && clientSecret && redirectUri ? { issuer, clientId, clientSecret, redirectUri } : null;
  }

  get maxUploadBytes(): number {
    return this.maxUploadMib * 1024 * 1024;
  }
}

/** One error that lists every wrong variable, so that a person corrects all of them at once. */
export class ConfigError extends Error {}

/** Errors: ConfigError. An empty variable counts as one that is not set. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const settings = plainToInstance(Settings, given, { excludeExtraneousValues: true, exposeDefaultValues: true });
  const problems = validateSync(settings).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  if (settings.databaseUrl !== null && settings.tokenSecret === null) {
    problems.push(`TOKEN_SECRET must be set together with DATABASE_URL: ${SECRET}`);
  }
  if (settings.databaseUrl !== null && settings.runWatch === true && settings.watchDatabaseUrl === null) {
    problems.push('WATCH_DATABASE_URL must be set together with DATABASE_URL when RUN_WATCH=true');
  }
  if (problems.length === 0 && !isWithin(new URL(settings.webauthnOrigin).hostname, settings.webauthnRpId)) {
    problems.push('WEBAUTHN_RP_ID must be the domain of WEBAUTHN_ORIGIN or one above it: a passkey works nowhere else');
  }
  for (const provider of ['CUSTOMER_OIDC', 'STAFF_OIDC']) {
    const oidc = ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'REDIRECT_URI'].map((name) => `${provider}_${name}`);
    const missing = oidc.filter((name) => given[name] === undefined);
    if (missing.length > 0 && missing.length < oidc.length)
      problems.push(`${missing.join(', ')} must be set together with the other settings of ${provider}`);
  }
  if (problems.length > 0)
    throw new ConfigError(`These settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  return settings;
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
