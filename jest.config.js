/** Real PostgreSQL for every suite: one server for the run, one database per test file, cloned from a migrated template. */
export default {
  testMatch: ['<rootDir>/test/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/dist-faults/', '<rootDir>/.data/'],
  globalSetup: '<rootDir>/test/harness/global-setup.js',
  globalTeardown: '<rootDir>/test/harness/global-teardown.js',
  testSequencer: '<rootDir>/test/harness/longest-first.js',
  setupFiles: ['<rootDir>/test/harness/silent-logger.js'],
  maxWorkers: 2,
  // Modules of every file stay in memory; a process that holds too many of them takes longer to end than Jest has patience.
  workerIdleMemoryLimit: '500MB',
  testTimeout: 60_000,
};
