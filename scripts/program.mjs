/**
 * Packs the compiled program into a few files: a thousand small modules, read and linked one by one,
 * took most of the time until a server was ready, and a sixth of its memory. What is compiled below
 * build/src runs as well; bin/tenure runs what is here.
 *
 *   build/program/main.js     the command line, and the thread of the connections
 *   build/program/NAME.js     each thread that the program starts
 *   build/program/NAME-….js   what they share, and what is loaded when it is first needed
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';

/** Below build/src: the program, and the threads that it starts. */
const programs = [
  'main',
  'writer',
  'compose/verify-worker',
  'credentials/sha-crypt-worker',
  'credentials/quality/guess-worker',
];
/** What stays outside: machine code, and what starts threads from its own files. */
export const outside = ['better-sqlite3', 'argon2', '@node-rs/bcrypt', 'pino', 'pino-pretty'];
/** Packages that are no modules ask for others in their own way. */
const banner = `import { createRequire as packedRequire } from 'node:module';
const require = packedRequire(import.meta.url);`;

/** Makes build/program from what is compiled below `root`. */
export async function packProgram(root) {
  const { build } = await import('esbuild');
  const source = join(root, 'build/src');
  const packed = join(root, 'build/program');
  const { metafile } = await build({
    entryPoints: programs.map((name) => ({
      in: join(source, `${name}.js`),
      out: basename(name),
    })),
    outdir: packed,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: outside,
    banner: { js: banner },
    logLevel: 'warning',
    metafile: true,
    plugins: [placesIn(source)],
  });
  // Last: a server that runs from here goes on to find what has not changed.
  const made = new Set(Object.keys(metafile.outputs).map((file) => basename(file)));
  for (const name of readdirSync(packed)) if (!made.has(name)) rmSync(join(packed, name));
}

/** Threads are started from here; every other place that a module names is seen from where it was. */
function placesIn(source) {
  const thread = new RegExp(
    `new URL\\('[./]*(${programs.map((name) => basename(name)).join('|')})\\.js', import\\.meta\\.url\\)`,
    'g',
  );
  return {
    name: 'places',
    setup(builder) {
      builder.onLoad({ filter: /[\\/]build[\\/]src[\\/].*\.js$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes('import.meta.url')) return undefined;
        const from = relative(source, path).replaceAll(sep, '/');
        const contents = text
          .replaceAll(thread, "new URL('./$1.js', packedAt)")
          .replaceAll('import.meta.url', `new URL('../src/${from}', packedAt)`)
          .replaceAll('packedAt', 'import.meta.url');
        return { contents, loader: 'js' };
      });
    },
  };
}
