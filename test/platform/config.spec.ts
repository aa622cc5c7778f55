import { describe, expect, it } from '@jest/globals';
import { Config, ConfigError, readSettings } from '../../src/platform/config/config.js';

const SECRET = '0123456789abcdef0123456789abcdef';

function problemsOf(env: NodeJS.ProcessEnv): string {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('the settings', () => {
  it('need nothing at all: PostgreSQL is then embedded and listens to this machine only', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      databaseUrl: null,
      tokenSecret: null,
      host: '127.0.0.1',
      port: 3000,
      runJobs: true,
      trustProxy: false,
    });
    expect(settings.twoCheckersAboveJpy).toBe(100_000_000n);
    expect(settings.holidays.has('2026-11-23')).toBe(true);
  });

  it('are read from the environment, an empty variable being none', () => {
    const settings = readSettings({
      PORT: '8080',
      RUN_JOBS: 'false',
      LOG_LEVEL: '',
      TWO_CHECKERS_ABOVE_JPY: '5000000',
      HOLIDAYS: '2028-01-10, 2028-02-11',
    });
    expect(settings).toMatchObject({ port: 8080, runJobs: false, logLevel: 'info', twoCheckersAboveJpy: 5_000_000n });
    expect(['2028-01-10', '2028-02-11', '2018-01-08'].every((day) => settings.holidays.has(day))).toBe(true);
  });

  it('tell every wrong variable at once, and what it should be', () => {
    const message = problemsOf({
      PORT: '70000',
      DATABASE_POOL_SIZE: '0',
      TRUST_PROXY: 'yes',
      DATABASE_URL: 'mysql://somewhere/henkin',
      LOG_LEVEL: 'loud',
      HOLIDAYS: '2028-02-30',
      MAX_UPLOAD_MIB: '1e3',
    });
    for (const name of [
      'PORT',
      'DATABASE_POOL_SIZE',
      'TRUST_PROXY',
      'DATABASE_URL',
      'LOG_LEVEL',
      'HOLIDAYS',
      'MAX_UPLOAD_MIB',
    ]) {
      expect(message).toContain(`- ${name} should be `);
    }
    expect(message.split('\n')).toHaveLength(9);
  });

  it('can make the limit for two checkers stricter, not looser', () => {
    expect(problemsOf({ TWO_CHECKERS_ABOVE_JPY: '100000000' })).toBe('');
    expect(problemsOf({ TWO_CHECKERS_ABOVE_JPY: '100000001' })).toContain('only be made stricter');
    expect(problemsOf({ TWO_CHECKERS_ABOVE_JPY: '-1' })).toContain('only be made stricter');
  });

  it.each(['changeme', 'x'.repeat(64), 'secretsecretsecretsecretsecretsecret'])(
    '[09] refuse the secret %s',
    (secret) => {
      expect(problemsOf({ TOKEN_SECRET: secret })).toContain('TOKEN_SECRET should be random text');
    },
  );

  it('demand a secret where the database is one of your own, and never repeat what was given', () => {
    const message = problemsOf({
      DATABASE_URL: 'postgresql://henkin_app:hunter2@db/henkin',
      TOKEN_SECRET: 'short-hunter3',
    });
    expect(message).toContain('TOKEN_SECRET');
    expect(message).not.toMatch(/hunter/);
    expect(problemsOf({ DATABASE_URL: 'postgresql://henkin_app:hunter2@db/henkin' })).toContain(
      'together with DATABASE_URL',
    );
  });

  it('take an identity provider for staff whole or not at all', () => {
    const whole = {
      STAFF_OIDC_ISSUER: 'https://id.example.jp/realms/staff',
      STAFF_OIDC_CLIENT_ID: 'henkin',
      STAFF_OIDC_CLIENT_SECRET: 'hunter5',
      STAFF_OIDC_REDIRECT_URI: 'https://henkin.example.jp/signed-in',
    };
    const opened = { databaseUrl: 'postgresql://henkin_app:x@db/henkin', tokenSecret: SECRET };
    const read = new Config(readSettings(whole), opened);
    expect(read).toMatchObject({ customerOidc: null, staffOidc: { clientId: 'henkin' }, staffOidcSecondFactor: 'mfa' });
    for (const name of Object.keys(whole))
      expect(problemsOf({ ...whole, [name]: '' })).toContain(`${name} must be set together with`);
  });

  it('take an identity provider for customers whole or not at all, over TLS or on this machine', () => {
    const whole = {
      CUSTOMER_OIDC_ISSUER: 'https://id.example.jp/realms/customers',
      CUSTOMER_OIDC_CLIENT_ID: 'henkin',
      CUSTOMER_OIDC_CLIENT_SECRET: 'hunter4',
      CUSTOMER_OIDC_REDIRECT_URI: 'http://127.0.0.1:8080/signed-in',
    };
    const opened = { databaseUrl: 'postgresql://henkin_app:x@db/henkin', tokenSecret: SECRET };
    expect(new Config(readSettings({}), opened).customerOidc).toBeNull();
    expect(new Config(readSettings(whole), opened).customerOidc).toEqual({
      issuer: 'https://id.example.jp/realms/customers',
      clientId: 'henkin',
      clientSecret: 'hunter4',
      redirectUri: 'http://127.0.0.1:8080/signed-in',
    });
    for (const name of Object.keys(whole))
      expect(problemsOf({ ...whole, [name]: '' })).toContain(`${name} must be set together with`);
    for (const url of ['http://id.example.jp', 'id.example.jp', 'https://user:pass@id.example.jp', 'https://x.jp/#a'])
      expect(problemsOf({ ...whole, CUSTOMER_OIDC_ISSUER: url })).toContain(
        'CUSTOMER_OIDC_ISSUER should be an https URL',
      );
  });

  it('[14] keep the documentation to the trial installation unless it is asked for', () => {
    const opened = { databaseUrl: 'postgresql://henkin_app:x@db/henkin', tokenSecret: SECRET };
    expect(new Config(readSettings({}), opened).publicDocs).toBe(true);
    const own = { DATABASE_URL: opened.databaseUrl, TOKEN_SECRET: SECRET };
    expect(new Config(readSettings(own), opened).publicDocs).toBe(false);
    expect(new Config(readSettings({ ...own, PUBLIC_DOCS: 'true' }), opened).publicDocs).toBe(true);
  });
});
