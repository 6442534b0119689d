export default {
  testEnvironment: 'node',
  maxWorkers: '100%',
  // Busy machines are slow; a test that hangs still ends.
  testTimeout: 30_000,
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
  // .ci/run sets it; elsewhere coverage would only slow the tests down.
  collectCoverage: process.env.COVERAGE === 'true',
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', ['text', { skipFull: true }]],
  // index.ts and the host in main.ts need a process of their own: test/e2e covers them.
  collectCoverageFrom: ['src/**/*.ts', '!src/index.ts', '!src/main.ts'],
  coverageThreshold: { global: { lines: 96, branches: 94 } },
};
