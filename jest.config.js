// Tests run as compiled JavaScript: worker threads need real files, and tsc has already checked them.
/** @type {import('jest').Config} */
export default {
  rootDir: 'build',
  testEnvironment: 'node',
  transform: {},
  // test/interop, test/crash and test/fuzz take minutes and are asked for by name: npm test crash.
  testMatch: [
    '<rootDir>/test/{unit,protocol,property,integration}/**/*.test.js',
    '<rootDir>/test/tidy/**/*.test.js',
  ],
  // Nothing is written outside the clone.
  cacheDirectory: '<rootDir>/.jest',
  testTimeout: 30_000,
};
