/**
 * The house has one direction: a room imports only from rooms to its left.
 * Moving a room, or adding one, is a change of this list and of the picture in the README.
 */
const rooms = [
  'platform', 'audit', 'identity', 'approval', 'ledger', 'holder', 'snapshot', 'rate', 'claim', 'credit-batch',
  'reconciliation', 'call-centre',
];

const leftToRight = rooms.map((room, index) => ({
  name: `${room}-imports-only-from-its-left`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(?!(${rooms.slice(0, index + 1).join('|')})/)` },
}));

module.exports = {
  forbidden: [
    ...leftToRight,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-rules-know-no-framework',
      comment: 'State tables and amounts are plain functions: testable by properties, readable by an auditor.',
      severity: 'error',
      from: { path: '\\.(state|amount)\\.ts$' },
      to: { path: '(@nestjs|@prisma|src/platform/database)' },
    },
    {
      name: 'demo-uses-the-public-api',
      severity: 'error',
      from: { path: '^src/demo/' },
      to: { path: '^src/(?!(demo|platform)/)' },
    },
    { name: 'nothing-imports-the-demo', severity: 'error', from: { pathNot: '^src/demo/' }, to: { path: '^src/demo/' } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', 'src/platform/database/generated'] },
    exclude: { path: 'src/platform/database/generated' },
  },
};
