/** One configuration for every lane; scripts/test.mjs chooses store and folders. */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Of what a test file imports, it has all from one file (scripts/jest/world.mjs); only itself is transformed.
  testEnvironment: '<rootDir>/scripts/jest/environment.cjs',
  transform: { '\\.test\\.ts$': '<rootDir>/scripts/jest/test-transform.cjs' },
  globalSetup: '<rootDir>/scripts/jest/global-setup.cjs',
  maxWorkers: 2,
  // What a test file leaves behind in its worker stays there: a heap that has grown costs more to clean than a new one.
  workerIdleMemoryLimit: '700MB',
  // Patience, not a measure, and the only one: what hangs is told of by the waits themselves, sooner.
  testTimeout: process.env.GATEHOUSE_TEST_LONG === '1' ? 1_800_000 : 300_000,
};
