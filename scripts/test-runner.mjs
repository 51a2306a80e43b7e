/** Runs a test file as Jest does, with the part of Jest that is set up beside it warm already. */
import runner from 'jest-circus/runner';

const init = 'jestAdapterInit';

export default function run(globalConfig, config, environment, runtime, ...more) {
  const usual = runtime.requireInternalModule.bind(runtime);
  runtime.requireInternalModule = (file, name) => {
    return file.includes(init) ? environment.loadJest(file) : usual(file, name);
  };
  return runner.default(globalConfig, config, environment, runtime, ...more);
}
