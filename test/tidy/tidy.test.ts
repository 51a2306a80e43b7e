/** The tree keeps the rules of the house; each rule is also seen to fail on a small bad tree. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { defaultLimits } from '../../src/runtime/limits.js';
import {
  calls,
  doors,
  importDirections,
  map,
  packages,
  sizes,
  targetsExist,
  unkept,
  words,
} from './rules.js';
import { projectRoot, readTree } from './tree.js';

const root = projectRoot();
const src = readTree(['src'], ['.ts']);
const code = readTree(['src', 'test', 'scripts'], ['.ts', '.mjs']);
const everything = readTree(
  ['src', 'test', 'scripts', 'bin', '.ci', 'certs', 'docs', 'README.md', 'ARCHITECTURE.md'],
  ['.ts', '.mjs', '.md', '.sh', '.yaml', '/tenure', '/run'],
);

/** Folders below `name` that hold files, `name` included. */
function foldersIn(name: string): string[] {
  const path = join(root, name);
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  const inner = entries
    .filter((e) => e.isDirectory())
    .flatMap((e) => foldersIn(`${name}/${e.name}`));
  return entries.some((e) => e.isFile()) || inner.length > 0 ? [name, ...inner] : inner;
}

describe('the tree', () => {
  test('is there', () => {
    expect(src.size).toBeGreaterThan(50);
  });
  test('rooms import only what they may', () => expect(importDirections(src)).toEqual([]));
  test('folders are entered by their index.ts', () => expect(doors(src)).toEqual([]));
  test('imports lead somewhere', () => expect(targetsExist(src)).toEqual([]));
  test('packages stay in their homes', () => expect(packages(src)).toEqual([]));
  test('time, chance and exits are arguments', () => expect(calls(src)).toEqual([]));
  test('every limit is kept by somebody', () =>
    expect(unkept(Object.keys(defaultLimits), src)).toEqual([]));
  test('files are short and say what they own', () => expect(sizes(code)).toEqual([]));
  test('no word of one machine, nothing unfinished', () =>
    expect(words(everything, root)).toEqual([]));
});

describe('the map', () => {
  test('ARCHITECTURE.md names what is there', () => {
    const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const folders = ['src', 'test', 'scripts', 'certs'].flatMap(foldersIn);
    expect(map(text, folders, everything)).toEqual([]);
  });
});

describe('the lock file', () => {
  test('names no registry', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
  });
});

describe('each rule can fail', () => {
  const tree = (file: string, text: string): Map<string, string> =>
    new Map([
      ['src/store/index.ts', '/** x */\n'],
      ['src/store/open.ts', '/** x */\n'],
      ['src/runtime/clock.ts', '/** x */\n'],
      [file, text],
    ]);

  test('directions', () => {
    const bad = tree('src/ldap/handlers/a.ts', "import { a } from '../../store/index.js';\n");
    expect(importDirections(bad)).toEqual([
      'src/ldap/handlers/a.ts:1: src/ldap must not import src/store/index.ts',
    ]);
    const type = tree('src/runtime/a.ts', "import type {\n  A,\n} from '../store/index.js';\n");
    expect(importDirections(type)).toHaveLength(1);
    const dynamic = tree(
      'src/ldap/ber/a.ts',
      "const a = await import('../../runtime/clock.js');\n",
    );
    expect(importDirections(dynamic)).toHaveLength(1);
    expect(importDirections(tree('src/new/a.ts', ''))).toHaveLength(1);
    expect(importDirections(tree('src/compose.ts', "export * from './store/index.js';\n"))).toEqual(
      [],
    );
  });

  test('doors', () => {
    const bad = tree('src/compose.ts', "import { a } from './store/open.js';\n");
    expect(doors(bad)).toEqual([
      'src/compose.ts:1: imports src/store/open.ts past src/store/index.ts',
    ]);
    expect(doors(tree('src/store/a.ts', "import { a } from './open.js';\n"))).toEqual([]);
  });

  test('targets and packages', () => {
    const bad = tree(
      'src/admin/a.ts',
      "import a from './b.js';\nimport D from 'better-sqlite3';\n",
    );
    expect(targetsExist(bad)).toEqual(['src/admin/a.ts:1: there is no src/admin/b.ts']);
    expect(packages(bad)).toEqual(['src/admin/a.ts:2: better-sqlite3 lives in src/store/']);
  });

  test('calls', () => {
    const text =
      '// Date.now()\nprocess.exit(1);\nprocess.exitCode = 1;\nnew Date(); new Date(5);\n';
    const found = calls(tree('src/admin/a.ts', text)).map((c) => c.split(':')[1]);
    expect(found).toEqual(['2', '4']);
    expect(calls(tree('src/runtime/a.ts', 'setTimeout(f, 1); Date.now();'))).toEqual([]);
  });

  test('sizes and words', () => {
    expect(sizes(tree('src/a.ts', 'const a = 1;\n'))).toHaveLength(1);
    expect(sizes(tree('src/a.ts', `// x\n${'\n'.repeat(400)}`))).toHaveLength(1);
    expect(words(tree('src/a.ts', ['// TO', 'DO: more'].join('')), '/no/where')).toHaveLength(1);
    expect(words(tree('src/a.ts', '// see /home/me/tenure/x'), '/home/me/tenure')).toHaveLength(1);
  });

  test('limits', () => {
    const files = tree('src/runtime/limits.ts', 'usedMax: 1, idleMax: 2');
    const all = new Map([...files, ['src/ldap/a.ts', 'limits.usedMax; // idleMaxMs']]);
    expect(unkept(['usedMax', 'idleMax'], all)).toEqual(['nothing keeps the limit idleMax']);
  });

  test('the map', () => {
    const text = 'src/store/ and `src/gone/` are here';
    expect(map(text, ['src/store', 'src/new'], new Map())).toEqual([
      'ARCHITECTURE.md names src/gone, which does not exist',
      'ARCHITECTURE.md does not name src/new',
    ]);
  });
});
