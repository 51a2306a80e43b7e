// Tests run as compiled JavaScript: worker threads need real files, and tsc has already checked them.
/** @type {import('jest').Config} */
export default {
  rootDir: 'build',
  testEnvironment: 'node',
  transform: {},
  testMatch: ['<rootDir>/test/{unit,protocol,property,integration}/**/*.test.js', '<rootDir>/test/tidy/**/*.test.js'],
  testTimeout: 30_000,
};
