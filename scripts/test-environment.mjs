/**
 * Where Jest runs a test file: Node's environment, and in it a way to what scripts/pack.mjs packed.
 * A worker compiles that once; each test file then sets it up for itself, in its own context.
 */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/** By name, for as long as the worker lives. */
const scripts = new Map();

export default class PackedEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    // A module's exports, set up in this context by what `require` gives it.
    this.global[Symbol.for('packed')] = (name, require) => {
      const module = { exports: {} };
      scriptOf(name).runInContext(this.context)(module, module.exports, require);
      return module.exports;
    };
  }
}

function scriptOf(name) {
  const known = scripts.get(name);
  if (known !== undefined) return known;
  const file = new URL(`../build/packed/shared/${name}.js`, import.meta.url);
  const source = `(function (module, exports, require) {${readFileSync(file, 'utf8')}\n})`;
  const script = new Script(source, { filename: file.pathname });
  scripts.set(name, script);
  return script;
}
