/** One configuration for every lane; scripts/test.mjs chooses store and folders. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Sources import each other with the .ts extension; swc turns them into commonjs and keeps the paths.
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs', importInterop: 'swc' },
        sourceMaps: 'inline',
      },
    ],
    '\\.(css|html|txt)$': '<rootDir>/scripts/jest/text-transform.cjs',
  },
  // jose and what otplib brings are ESM only, which jest can't require by itself in Node 20.
  transformIgnorePatterns: ['/node_modules/(?!(?:.*/)?(?:@(?:scure|noble)|jose)/)'],
  globalSetup: '<rootDir>/scripts/jest/global-setup.cjs',
  maxWorkers: 2,
  // Patience, not a measure: what hangs is told of by the waits themselves, sooner.
  testTimeout: 120_000,
};
