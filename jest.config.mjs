export default {
  testEnvironment: 'node',
  maxWorkers: '100%',
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
  // In CI and in `npm run coverage`; elsewhere it would only slow the tests down.
  collectCoverage: process.env.CI === 'true',
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', ['text', { skipFull: true }]],
  collectCoverageFrom: ['src/**/*.ts', '!src/index.ts'],
};
