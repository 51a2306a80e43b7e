// Tests run as compiled JavaScript, which tsc has checked, packed by scripts/pack.mjs.
/** @type {import('jest').Config} */
export default {
  rootDir: 'build/packed',
  testEnvironment: '<rootDir>/../../scripts/test-environment.mjs',
  testRunner: '<rootDir>/../../scripts/test-runner.mjs',
  testSequencer: '<rootDir>/../../scripts/test-sequencer.mjs',
  transform: {},
  modulePathIgnorePatterns: ['<rootDir>/shared/'],
  // test/interop, commands, crash, fuzz and timing take minutes and are asked for by name, such as
  // npm test crash; test/timing wants a machine that does nothing else.
  testMatch: [
    '<rootDir>/test/{unit,protocol,property,integration}/**/*.test.js',
    '<rootDir>/test/tidy/**/*.test.js',
  ],
  // Nothing is written outside the clone.
  cacheDirectory: '<rootDir>/../.jest',
  testTimeout: 30_000,
  // Most of them wait for sockets, disks and hashes: a worker for each core.
  maxWorkers: '100%',
};
