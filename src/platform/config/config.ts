import 'reflect-metadata';
import { plainToInstance, Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min, MinLength, validateSync } from 'class-validator';
import { JAPANESE_HOLIDAYS } from '../clock/holidays.js';

/** Stricter than the programme's own limit is allowed, looser is not; the database holds the same limit. */
const TWO_CHECKERS_ABOVE_JPY = 100_000_000n;

const Flag = () => Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value));

/** The environment as it is written; every message names the variable and says what it should be. */
class Environment {
  @IsOptional() @Matches(/^postgres(ql)?:\/\//, { message: 'DATABASE_URL must be a postgresql:// URL of the application role' })
  DATABASE_URL?: string;

  @IsOptional() @Matches(/^postgres(ql)?:\/\//, { message: 'MIGRATOR_DATABASE_URL must be a postgresql:// URL of the role that owns the schema' })
  MIGRATOR_DATABASE_URL?: string;

  @IsString() @MinLength(1, { message: 'DATA_DIR must name a folder' })
  DATA_DIR = '.data';

  @IsString() @MinLength(1, { message: 'HOST must be an address to listen on, such as 127.0.0.1' })
  HOST = '127.0.0.1';

  @Type(() => Number) @IsInt({ message: 'PORT must be a whole number' }) @Min(0, { message: 'PORT must be 0 to 65535' }) @Max(65_535, { message: 'PORT must be 0 to 65535' })
  PORT = 3000;

  @Type(() => Number) @IsInt({ message: 'DATABASE_POOL_SIZE must be a whole number from 1 to 100' }) @Min(1, { message: 'DATABASE_POOL_SIZE must be a whole number from 1 to 100' }) @Max(100, { message: 'DATABASE_POOL_SIZE must be a whole number from 1 to 100' })
  DATABASE_POOL_SIZE = 10;

  @IsOptional() @MinLength(32, { message: 'TOKEN_SECRET must be random text of at least 32 characters, for instance from: openssl rand -hex 32' })
  TOKEN_SECRET?: string;

  @Flag() @IsBoolean({ message: 'RUN_JOBS must be true or false: whether this process also does the background work' })
  RUN_JOBS: boolean = true;

  @Flag() @IsBoolean({ message: 'TRUST_PROXY must be true or false: whether X-Forwarded-For comes from a proxy of yours' })
  TRUST_PROXY: boolean = false;

  @Flag() @IsBoolean({ message: 'TLS_TERMINATED must be true or false: whether a proxy of yours speaks TLS to the outside' })
  TLS_TERMINATED: boolean = false;

  @Flag() @IsBoolean({ message: 'PUBLIC_METRICS must be true or false: whether /metrics answers others than this machine' })
  PUBLIC_METRICS: boolean = false;

  @Flag() @IsOptional() @IsBoolean({ message: 'PUBLIC_DOCS must be true or false: whether /docs and /openapi.json are served' })
  PUBLIC_DOCS?: boolean;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], { message: 'LOG_LEVEL must be fatal, error, warn, info, debug or silent' })
  LOG_LEVEL = 'info';

  @Matches(/^[0-9]{1,9}$/, { message: `TWO_CHECKERS_ABOVE_JPY must be whole yen up to ${TWO_CHECKERS_ABOVE_JPY}: it can only be made stricter` })
  TWO_CHECKERS_ABOVE_JPY = TWO_CHECKERS_ABOVE_JPY.toString();

  @Matches(/^(\d{4}-\d{2}-\d{2}(,\d{4}-\d{2}-\d{2})*)?$/, { message: 'HOLIDAYS must be dates such as 2028-01-10, separated by commas' })
  HOLIDAYS = '';

  @Type(() => Number) @IsInt({ message: 'MAX_UPLOAD_MIB must be a whole number from 1 to 4096' }) @Min(1, { message: 'MAX_UPLOAD_MIB must be a whole number from 1 to 4096' }) @Max(4096, { message: 'MAX_UPLOAD_MIB must be a whole number from 1 to 4096' })
  MAX_UPLOAD_MIB = 512;

  @Type(() => Number) @IsInt({ message: 'RAW_UPLOAD_RETENTION_DAYS must be a whole number from 1 to 3650' }) @Min(1, { message: 'RAW_UPLOAD_RETENTION_DAYS must be a whole number from 1 to 3650' }) @Max(3650, { message: 'RAW_UPLOAD_RETENTION_DAYS must be a whole number from 1 to 3650' })
  RAW_UPLOAD_RETENTION_DAYS = 30;
}

/** What the program runs with. Made from the environment by `readConfig`; tests and the demo set fields directly. */
export class Config {
  databaseUrl!: string;
  tokenSecret!: string;
  dataDir!: string;
  host!: string;
  port!: number;
  databasePoolSize!: number;
  runJobs!: boolean;
  trustProxy!: boolean;
  tlsTerminated!: boolean;
  publicMetrics!: boolean;
  publicDocs!: boolean;
  logLevel!: string;
  twoCheckersAboveJpy!: bigint;
  holidays!: ReadonlySet<string>;
  maxUploadBytes!: number;
  rawUploadRetentionDays!: number;
}

/** Settings that are filled in later when PostgreSQL is embedded. */
export type Settings = Omit<Config, 'databaseUrl' | 'tokenSecret'> & {
  readonly databaseUrl: string | null;
  readonly migratorUrl: string | null;
  readonly tokenSecret: string | null;
};

/** One error that lists every wrong variable, so that a person corrects all of them at once. */
export class ConfigError extends Error {}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const known = Object.keys(new Environment());
  const given = Object.fromEntries([...known, 'DATABASE_URL', 'MIGRATOR_DATABASE_URL', 'TOKEN_SECRET', 'PUBLIC_DOCS']
    .filter((name) => env[name] !== undefined && env[name] !== '')
    .map((name) => [name, env[name]]));
  const environment = plainToInstance(Environment, given, { exposeDefaultValues: true });
  const problems = validateSync(environment).flatMap(({ constraints }) => [...new Set(Object.values(constraints ?? {}))]);
  if (BigInt(/^\d+$/.test(environment.TWO_CHECKERS_ABOVE_JPY) ? environment.TWO_CHECKERS_ABOVE_JPY : '0') > TWO_CHECKERS_ABOVE_JPY) {
    problems.push(`TWO_CHECKERS_ABOVE_JPY must be whole yen up to ${TWO_CHECKERS_ABOVE_JPY}: it can only be made stricter`);
  }
  if (environment.DATABASE_URL && !environment.TOKEN_SECRET) {
    problems.push('TOKEN_SECRET must be set together with DATABASE_URL: random text of at least 32 characters, for instance from: openssl rand -hex 32');
  }
  if (problems.length > 0) throw new ConfigError(`These settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  return settingsOf(environment);
}

function settingsOf(environment: Environment): Settings {
  return {
    databaseUrl: environment.DATABASE_URL ?? null,
    migratorUrl: environment.MIGRATOR_DATABASE_URL ?? null,
    tokenSecret: environment.TOKEN_SECRET ?? null,
    dataDir: environment.DATA_DIR,
    host: environment.HOST,
    port: environment.PORT,
    databasePoolSize: environment.DATABASE_POOL_SIZE,
    runJobs: environment.RUN_JOBS,
    trustProxy: environment.TRUST_PROXY,
    tlsTerminated: environment.TLS_TERMINATED,
    publicMetrics: environment.PUBLIC_METRICS,
    // Someone who only tries the program out wants the documentation; an installation has to ask for it.
    publicDocs: environment.PUBLIC_DOCS ?? !environment.DATABASE_URL,
    logLevel: environment.LOG_LEVEL,
    twoCheckersAboveJpy: BigInt(environment.TWO_CHECKERS_ABOVE_JPY),
    holidays: new Set([...JAPANESE_HOLIDAYS, ...environment.HOLIDAYS.split(',').filter(Boolean)]),
    maxUploadBytes: environment.MAX_UPLOAD_MIB * 1024 * 1024,
    rawUploadRetentionDays: environment.RAW_UPLOAD_RETENTION_DAYS,
  };
}
