import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../src/platform/database/project-root.js';

/** Whatever could open a connection to somewhere else. */
const OPENS_CONNECTIONS =
  /\bfetch\(|\bfrom '(?:node:)?(?:https?|net|tls|dgram|dns|undici|axios|nodemailer|openid-client|ws)(?:\/[^']*)?'/;

/** Who may, and to whom; PostgreSQL is reached by its driver. The demo is a client of its own server. */
const DESTINATIONS: Readonly<Record<string, string>> = {
  'identity/oidc.ts': 'the configured identity providers',
  'platform/database/postgres-cluster.ts': 'nobody: it listens for an instant to find a free port',
  'platform/http/post-json.ts': 'the configured webhook of alerts, and the configured keeper of anchors',
  'platform/mail/mailer.ts': 'the configured mail server',
};

describe('outbound connections', () => {
  it('[31] are opened by these files and no others', async () => {
    const sources = join(projectRoot, 'src');
    const files = (await readdir(sources, { recursive: true })).filter(
      (file) => file.endsWith('.ts') && !file.startsWith('demo/'),
    );
    const found = await Promise.all(
      files.map(async (file) => {
        const text = (await readFile(join(sources, file), 'utf8')).replaceAll(/import type .*/g, '');
        return OPENS_CONNECTIONS.test(text) ? [file] : [];
      }),
    );
    expect(found.flat().toSorted()).toEqual(Object.keys(DESTINATIONS).toSorted());
  });
});
