/** The house: a room imports only from rooms to its left; docs/ and README.md draw the same picture. */
const rooms = [
  'platform',
  'audit',
  'identity',
  'approval',
  'staff',
  'ledger',
  'holder',
  'snapshot',
  'rate',
  'claim',
  'release',
  'credit-batch',
  'reconciliation',
  'proof',
  'contact',
  'notification',
  'watch',
];
/** Read models at the right end; each stands alone. */
const views = ['call-centre', 'customer', 'incident'];
/** The demo is a customer of the public HTTP API; inside it may only use the ground. */
const outside = ['demo'];

/** Inside the platform too, from the ground up. */
const platform = [['json.ts', 'decimal.ts', 'clock'], ['config'], ['database'], ['jobs'], ['installation']];

const folder = (names) => `^src/(${names.join('|')})/`;

const toTheRight = rooms.map((room, index) => ({
  name: `${room}-imports-only-from-its-left`,
  severity: 'error',
  from: { path: folder([room]) },
  to: { path: '^src/', pathNot: folder(rooms.slice(0, index + 1)) },
}));

const alone = [...views.map((view) => [view, rooms]), ...outside.map((name) => [name, ['platform']])].map(
  ([name, allowed]) => ({
    name: `${name}-stands-alone`,
    severity: 'error',
    from: { path: folder([name]) },
    to: { path: '^src/', pathNot: folder([...allowed, name]) },
  }),
);

const platformLevels = platform.map((level, index) => ({
  name: `platform-${level.join('-')}-imports-only-from-below`,
  severity: 'error',
  from: { path: `^src/platform/(${level.join('|')})` },
  to: {
    path: '^src/platform/',
    pathNot: `^src/platform/(${platform
      .slice(0, index + 1)
      .flat()
      .join('|')})`,
  },
}));

module.exports = {
  forbidden: [
    ...toTheRight,
    ...alone,
    ...platformLevels,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.cli\\.ts$', '^src/(main|worker|watch|openapi)\\.ts$', '^src/demo/main\\.ts$'],
      },
      to: {},
    },
    {
      name: 'no-unlisted-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'pure-rules-know-no-framework',
      comment: 'State tables and sums are decided without Nest and without a database.',
      severity: 'error',
      from: { path: '\\.(state|amount)\\.ts$' },
      to: { path: 'node_modules/(@nestjs|@prisma|pg)/|^src/platform/database/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-one-file-knows-the-generated-client',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/database/(prisma\\.ts|generated/)' },
      to: { path: '^src/platform/database/generated/' },
    },
    {
      name: 'only-one-file-knows-the-migration-engine',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/platform/database/migration-engine\\.ts$' },
      to: { path: 'node_modules/@prisma/schema-engine-wasm' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^src/platform/database/generated'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
