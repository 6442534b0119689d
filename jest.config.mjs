// Tests do not depend on where they run: behind a proxy, in a step of a workflow, with keys at hand.
const foreign = /^(GITHUB|RUNNER|INPUT|FIVETRAN)_|_PROXY$|^NO_COLOR$/i;
for (const name of Object.keys(process.env)) if (foreign.test(name)) delete process.env[name];
// fetch() in this process has read its proxy already, but reads this again.
process.env.NO_PROXY = '127.0.0.1';

export default {
  testEnvironment: 'node',
  maxWorkers: '100%',
  // Busy machines are slow. A test that hangs, or a worker that cannot exit, still ends.
  testTimeout: 300_000,
  workerGracefulExitTimeout: 30_000,
  restoreMocks: true,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: { '^undici$': '<rootDir>/src/vendor/undici.ts' },
  modulePathIgnorePatterns: ['<rootDir>/build/'],
  // .ci/run sets it. Elsewhere it would only slow the tests down: by a third, or by twice as much with
  // `coverageProvider: 'v8'`.
  collectCoverage: process.env.COVERAGE === 'true',
  coverageReporters: ['text-summary', ['text', { skipFull: true }]],
  // index.ts and the host in main.ts need a process of their own: test/e2e covers them.
  collectCoverageFrom: ['src/**/*.ts', '!src/index.ts', '!src/main.ts'],
  coverageThreshold: { global: { lines: 98, branches: 93 } },
};
