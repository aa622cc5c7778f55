import { prepareDatabase } from '../database/roles.js';

/**
 * `npm run db:bootstrap`: makes the database and its roles on a PostgreSQL of your own. The four URLs are those
 * that are used afterwards anyway; names and passwords are taken from them. Safe to repeat, also to change a password.
 */
const wanted = [
  ['SUPERUSER_DATABASE_URL', null, 'a superuser'],
  ['MIGRATOR_DATABASE_URL', 'henkin_migrator', 'the role that owns the schema'],
  ['DATABASE_URL', 'henkin_app', 'the role that runs the application'],
  ['WATCH_DATABASE_URL', 'henkin_watch', 'the role of the watch'],
] as const;

const problems = wanted.flatMap(([name, role, who]) => {
  const url = URL.parse(process.env[name] ?? '');
  const right =
    url?.protocol.startsWith('postgres') &&
    url.password &&
    url.pathname.length > 1 &&
    (role === null || url.username === role);
  return right
    ? []
    : [`${name} should be the URL of ${who}: postgresql://${role ?? 'postgres'}:password@host:5432/henkin`];
});
if (problems.length > 0) {
  console.error(`Nothing was done.\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  process.exit(1);
}
const [superuser = '', migrator = '', app = '', watch = ''] = wanted.map(([name]) => process.env[name] ?? '');
const passwordOf = (url: string) => decodeURIComponent(new URL(url).password);
try {
  await prepareDatabase(superuser, {
    migrator: passwordOf(migrator),
    app: passwordOf(app),
    watch: passwordOf(watch),
  });
  console.log(
    'The database and the roles henkin_migrator, henkin_app and henkin_watch are ready. Next: npm run db:migrate',
  );
} catch (error) {
  console.error(`The database could not be prepared: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
