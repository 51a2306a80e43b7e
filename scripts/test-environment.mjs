/**
 * Where Jest runs test files: Node's environment, one for all files of a worker, and in it a way to
 * what scripts/pack.mjs packed. That is set up once a worker, so that the second file finds the code
 * warm. Nothing of ours keeps anything between two directories but what follows from the build; what
 * a file leaves on the global object, or replaces in what is shared, goes with it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const require = createRequire(import.meta.url);
const packed = new URL('../build/packed/shared/', import.meta.url);
/** Those of Jest's modules that know something of the test file. */
const ofOneFile =
  /[\\/]node_modules[\\/](?:jest-circus|expect|@jest[\\/]expect|jest-snapshot)[\\/]/;

/** Jest captures a stack for each expectation, ready to be shown; a hundred frames take their time. */
const FRAMES_MAX = 20;

/** In place of one for each file, all of which every promise would go on to carry along. */
const storage = new AsyncLocalStorage();
const asyncHooks = {
  AsyncLocalStorage: function OneStorage() {
    return storage;
  },
};

/** The one of this worker, for as long as it lives. */
let shared;

export default class PackedEnvironment {
  constructor(config, context) {
    shared ??= new Shared(config, context);
    const { global, moduleMocker, fakeTimers, fakeTimersModern } = shared.environment;
    Object.assign(this, { global, moduleMocker, fakeTimers, fakeTimersModern });
    shared.restore();
  }

  async setup() {}

  /** What scripts/test-runner.mjs asks for in place of what Jest would set up for each file. */
  loadJest(file) {
    return shared.load(file);
  }

  async teardown() {
    shared.restore();
  }

  exportConditions() {
    return shared.environment.exportConditions();
  }

  getVmContext() {
    return shared.environment.getVmContext();
  }
}

class Shared {
  environment;
  /** Exports of what was packed, and of modules of packages that were not, by name or path. */
  #modules = new Map();
  /** The same of modules that are set up for each file, and what sets modules up. */
  #ofOneFile = new Map();
  #setups = new Map();
  /** `require` of the test file that runs, which alone knows its Jest. */
  #ofFile;
  #globals;
  #exit;

  constructor(config, context) {
    this.environment = new TestEnvironment(config, context);
    const { global } = this.environment;
    global[Symbol.for('packed')] = (name, ofFile) => {
      if (ofFile !== undefined) this.#ofFile = ofFile;
      return this.#packed(name);
    };
    global.Error.stackTraceLimit = FRAMES_MAX;
    this.#exit = global.process.exit;
    this.#globals = new Set(Reflect.ownKeys(global));
  }

  /** As it was before the first file. */
  restore() {
    const { global, moduleMocker } = this.environment;
    moduleMocker.restoreAllMocks();
    for (const key of Reflect.ownKeys(global)) {
      if (!this.#globals.has(key)) Reflect.deleteProperty(global, key);
    }
    // Kept by Node's environment for its own end, which is that of the process.
    this.environment._globalProxy.leftovers = [];
    this.#ofOneFile.clear();
    // Jest puts its own in front for each file.
    global.process.exit = this.#exit;
  }

  /** What lies in build/packed/shared, or a package that stays as it is. */
  #packed(name) {
    const known = this.#modules.get(name);
    if (known !== undefined) return known;
    if (!name.startsWith('npm/') && name !== 'code') return this.load(require.resolve(name));
    const file = new URL(`${name}.js`, packed).pathname;
    return this.#run(this.#modules, name, file, (asked) => {
      if (asked.startsWith('./npm/')) return this.#packed(asked.slice(2, -'.js'.length));
      if (asked === '@jest/globals') return this.#jest();
      return isBuiltin(asked) ? require(asked) : this.#packed(asked);
    });
  }

  /** A module of a package, set up among ours: its errors are to be errors here. */
  load(file) {
    const modules = ofOneFile.test(file) ? this.#ofOneFile : this.#modules;
    const known = modules.get(file);
    if (known !== undefined) return known;
    if (file.endsWith('.node') || file.endsWith('.json')) return require(file);
    const own = createRequire(file);
    const inside = (asked) => {
      if (asked === 'node:async_hooks') return asyncHooks;
      return isBuiltin(asked) ? require(asked) : this.load(own.resolve(asked));
    };
    inside.resolve = own.resolve;
    return this.#run(modules, file, file, inside);
  }

  #run(modules, name, file, inside) {
    const module = { exports: {} };
    // Before it runs, for those that ask for each other.
    modules.set(name, module.exports);
    this.#setup(file)(module, module.exports, inside, file, dirname(file));
    modules.set(name, module.exports);
    return module.exports;
  }

  #setup(file) {
    const known = this.#setups.get(file);
    if (known !== undefined) return known;
    const parameters = 'module, exports, require, __filename, __dirname';
    const source = `(function (${parameters}) {${readFileSync(file, 'utf8')}\n})`;
    const script = new Script(source, { filename: file });
    const setup = script.runInContext(this.environment.getVmContext());
    this.#setups.set(file, setup);
    return setup;
  }

  /** What Jest has for the file that runs, asked for anew each time. */
  #jest() {
    const names = Object.keys(this.#ofFile('@jest/globals'));
    const now = (name) => ({ enumerable: true, get: () => this.#ofFile('@jest/globals')[name] });
    return Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, now(name)])));
  }
}
