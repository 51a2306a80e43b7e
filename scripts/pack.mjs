/**
 * Packs the compiled code for Jest, which would find, read and set up several hundred modules one by
 * one for each test file: that took longer than the tests. Here everything that tests share is one
 * file, every package another, and a module is set up when it is first asked for.
 *
 *   build/packed/shared/code.js      all of build/src, and of build/test what is not in a suite
 *   build/packed/shared/npm/NAME.js  a package, with all that it asks for
 *   build/packed/src/…, test/…       a line in place of each module, and each file of the suites
 *   build/packed/npm/NAME.js         a line in place of each package
 *
 * What is shared is set up once by each of Jest's workers, see scripts/test-environment.mjs.
 * Threads that tests start run what is in build/src, processes the packed program (program.mjs).
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { outside as outsideOfProgram } from './program.mjs';

/** What each test file has of its own. */
const jest = '@jest/globals';
/** What stays outside of the packed program, and Jest itself. */
const outside = [...outsideOfProgram, jest];
/** Folders of test files, which are converted one by one. */
const suites =
  /^test\/(?:unit|protocol|property|integration|tidy|interop|commands|crash|fuzz|timing)\//;

/** What is started and never imported. */
const programs = /^(?:src\/main|test\/bench\/(?:index|serve)|test\/fuzz\/(?:index|probe))\.js$/;

/** Makes build/packed from what is compiled below `root`. */
export async function pack(root) {
  const { build } = await import('esbuild');
  const compiled = join(root, 'build');
  const packed = join(compiled, 'packed');
  rmSync(packed, { recursive: true, force: true });
  const files = modulesIn(compiled);
  const own = files.filter((file) => suites.test(file) && !programs.test(file));
  const shared = files.filter((file) => !suites.test(file) && !programs.test(file));
  const packages = new Set();
  const options = {
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
    bundle: true,
    external: outside,
    // What is shared has no Jest around it that would bring an import about.
    supported: { 'dynamic-import': false },
  };

  await build({
    ...options,
    stdin: { contents: indexOf(shared), resolveDir: compiled, sourcefile: 'code.js' },
    outfile: join(packed, 'shared/code.js'),
    plugins: [keepPlace, packagesIn(packages, outside, () => './npm')],
  });
  await build({
    ...options,
    entryPoints: own.map((file) => join(compiled, file)),
    outdir: packed,
    outbase: compiled,
    supported: { 'dynamic-import': true },
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [
      keepPlace,
      packagesIn(packages, [jest], (importer) =>
        relative(dirname(importer), join(compiled, 'npm')),
      ),
      leaveModules,
    ],
  });
  const bundled = [...packages].filter((name) => !outside.includes(name));
  await build({
    ...options,
    entryPoints: Object.fromEntries(bundled.map((name) => [name, name])),
    absWorkingDir: root,
    outdir: join(packed, 'shared/npm'),
  });
  const put = (file, line) => {
    const at = join(packed, file);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, `module.exports = ${line};\n`);
  };
  const load = (name, more = '') => `globalThis[Symbol.for('packed')]('${name}'${more})`;
  put('code.js', load('code', ', require'));
  for (const name of packages) {
    put(`npm/${name}.js`, load(outside.includes(name) ? name : `npm/${name}`));
  }
  for (const file of shared) {
    const code = relative(dirname(file), 'code.js').replaceAll(sep, '/');
    put(file, `require('${code}')['${file}']`);
  }
  writeFileSync(join(packed, 'package.json'), '{ "type": "commonjs" }\n');
}

/** Paths of compiled modules of `src` and `test`, with slashes. */
function modulesIn(compiled) {
  return ['src', 'test'].flatMap((folder) => {
    const names = readdirSync(join(compiled, folder), { recursive: true });
    const files = names.filter((name) => name.endsWith('.js'));
    return files.map((name) => `${folder}/${name.replaceAll(sep, '/')}`).sort();
  });
}

function indexOf(files) {
  const getters = files.map((file) => `get '${file}'() { return require('./${file}'); },`);
  return `module.exports = {\n${getters.join('\n')}\n};\n`;
}

/** A module goes on to believe that it lies where it was compiled to. */
const keepPlace = {
  name: 'keep-place',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]build[\\/](?:src|test)[\\/].*\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta')) return undefined;
      const contents = text
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      return { contents, loader: 'js' };
    });
  },
};

/** Packages asked for become files of their own, but for those that are `left`; `found` gets their names. */
function packagesIn(found, left, folderFrom) {
  return {
    name: 'packages',
    setup(builder) {
      builder.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point' || importer.includes('node_modules')) return undefined;
        if (path.startsWith('node:') || left.includes(path)) return undefined;
        found.add(path);
        return { path: `${folderFrom(importer)}/${path}.js`, external: true };
      });
    },
  };
}

/** A test file goes on to ask for its modules one by one. */
const leaveModules = {
  name: 'leave-modules',
  setup(builder) {
    builder.onResolve({ filter: /^\./ }, ({ kind }) => {
      return kind === 'entry-point' ? undefined : { external: true };
    });
  },
};
