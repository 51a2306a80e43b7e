/** The rules of the house as functions from a tree to complaints, so that each can be seen failing. */
import { posix } from 'node:path';
import type { Tree } from './tree.js';

/** `FILE:LINE: what is wrong`. */
export type Complaint = string;

interface Import {
  readonly line: number;
  /** Path of the file meant, or the package. */
  readonly target: string;
  readonly ours: boolean;
  readonly typeOnly: boolean;
}

/**
 * Who may import whom, besides itself. A room is the longest name here that a path starts with; a
 * name ending in a dot stands for one file. `*` is everything.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/compose.': ['*'],
  'src/compose': ['*'],
  'src/main.': ['src/compose.', 'src/admin', 'src/runtime'],
  'src/writer.': ['src/compose', 'src/store', 'src/directory', 'src/credentials', 'src/runtime'],
  'src/runtime': [],
  'src/directory/model': ['src/runtime'],
  'src/directory/schema': ['src/directory/model', 'src/runtime'],
  'src/directory/access': ['src/directory/model', 'src/directory/schema', 'src/runtime'],
  'src/directory/ppolicy': ['src/directory/model', 'src/runtime'],
  'src/directory/text': ['src/directory/model', 'src/directory/schema', 'src/runtime'],
  'src/directory/ports.': ['src/directory/model', 'src/directory/schema', 'src/runtime'],
  'src/directory/hooks': [
    'src/directory',
    'src/policy/core',
    'src/policy/examples',
    'src/policy/language',
    'src/credentials',
    'src/runtime',
  ],
  'src/directory/operations': [
    'src/directory',
    'src/policy/core',
    'src/policy/examples',
    'src/policy/language',
    'src/credentials',
    'src/runtime',
  ],
  'src/credentials': ['src/directory/model', 'src/runtime'],
  'src/policy/core': ['src/directory/model'],
  'src/policy/language': ['src/policy/core', 'src/directory/model', 'src/runtime'],
  'src/policy/examples': [],
  'src/policy/run': [
    'src/policy/core',
    'src/policy/examples',
    'src/policy/language',
    'src/directory/model',
    'src/directory/operations',
    'src/directory/ports.',
    'src/runtime',
  ],
  'src/store': [
    'src/directory/model',
    'src/directory/schema',
    'src/directory/ports.',
    'src/runtime',
  ],
  'src/ldap/ber': [],
  'src/ldap/protocol': ['src/ldap/ber'],
  'src/ldap': ['src/ldap', 'src/directory', 'src/runtime'],
  'src/admin': ['src/directory', 'src/policy', 'src/credentials', 'src/runtime'],
};

/** Packages that have one home, or two. */
const packageHomes: Readonly<Record<string, string | readonly string[]>> = {
  'better-sqlite3': 'src/store/',
  fastify: 'src/admin/http/',
  commander: 'src/admin/cli/',
  'node-forge': 'src/admin/',
  pino: 'src/runtime/',
  'pino-pretty': 'src/runtime/',
  yaml: ['src/runtime/', 'src/policy/language/'],
  argon2: 'src/credentials/',
  '@zxcvbn-ts/core': 'src/credentials/quality/',
  '@zxcvbn-ts/language-common': 'src/credentials/quality/',
  '@zxcvbn-ts/language-en': 'src/credentials/quality/',
  '@node-rs/bcrypt': 'src/credentials/',
  otplib: 'src/credentials/otp/',
  uqr: 'src/admin/cli/',
  nodemailer: 'src/policy/run/',
};

/** Calls that have one home; elsewhere they come as arguments. */
const callHomes: readonly (readonly [call: RegExp, home: string, instead: string])[] = [
  [/\bprocess\.exit\b(?!Code)/, 'src/main.ts', 'return an exit code'],
  [/\bDate\.now\b/, 'src/runtime/', 'take a Clock'],
  [/\bnew Date\(\s*\)/, 'src/runtime/', 'take a Clock'],
  [/\bMath\.random\b/, 'src/runtime/', 'take a Random'],
  [/\bset(?:Timeout|Interval)\b/, 'src/runtime/', 'take a Clock'],
  [/\bconsole\.(?:log|error|warn|info)\b/, 'nowhere', 'take a log or an output'],
];

/** Hooks are the inside of a write, in a folder of their own: the door would lead in a circle. */
const insiders: Readonly<Record<string, string>> = {
  'src/directory/hooks/': 'src/directory/operations',
};

const fileLinesMax = 400;

/** Rooms import only what the table allows. */
export function importDirections(tree: Tree): Complaint[] {
  return [...tree].flatMap(([file, text]) => {
    const from = roomOf(file);
    if (from === undefined) return [`${file}:1: is in no room of the table`];
    const allowed = mayImport[from]!;
    return importsOf(file, text)
      .filter(({ ours, target }) => {
        const to = roomOf(target);
        if (!ours || to === from || allowed.includes('*')) return false;
        return !allowed.some((name) => target.startsWith(name));
      })
      .map(({ line, target }) => `${file}:${line}: ${from} must not import ${target}`);
  });
}

/**
 * Where a folder has an index.ts, those outside import that and nothing beside it. Interfaces may be
 * named at their source: a type binds nobody at run time.
 */
export function doors(tree: Tree): Complaint[] {
  return [...tree].flatMap(([file, text]) =>
    importsOf(file, text).flatMap(({ ours, line, target, typeOnly }) => {
      if (!ours || typeOnly) return [];
      const folder = foldersOf(target).find((name) => {
        if (!tree.has(`${name}/index.ts`) || file.startsWith(`${name}/`)) return false;
        return !Object.entries(insiders).some(([from, to]) => file.startsWith(from) && to === name);
      });
      const door = `${folder}/index.ts`;
      // The index of a room inside is a door as well.
      if (folder === undefined || target.endsWith('/index.ts')) return [];
      return [`${file}:${line}: imports ${target} past ${door}`];
    }),
  );
}

/** What is imported exists in the tree. */
export function targetsExist(tree: Tree): Complaint[] {
  return [...tree].flatMap(([file, text]) =>
    importsOf(file, text)
      .filter(({ ours, target }) => ours && !tree.has(target))
      .map(({ line, target }) => `${file}:${line}: there is no ${target}`),
  );
}

/** Packages are used where they live. */
export function packages(tree: Tree): Complaint[] {
  return [...tree].flatMap(([file, text]) =>
    importsOf(file, text).flatMap(({ ours, line, target }) => {
      const homes = ours ? undefined : packageHomes[target];
      if (homes === undefined || [homes].flat().some((home) => file.startsWith(home))) return [];
      return [`${file}:${line}: ${target} lives in ${[homes].flat().join(' and ')}`];
    }),
  );
}

/** Time, chance, output and the end of the process are asked for where they live. */
export function calls(tree: Tree): Complaint[] {
  return [...tree].flatMap(([file, text]) =>
    withoutComments(text)
      .split('\n')
      .flatMap((line, i) =>
        callHomes
          .filter(([call, home]) => call.test(line) && !file.startsWith(home))
          .map(([call, , instead]) => `${file}:${i + 1}: ${call.source}; ${instead}`),
      ),
  );
}

/** Files stay short and open with a comment. */
export function sizes(tree: Tree): Complaint[] {
  return [...tree].flatMap(([file, text]) => {
    const lines = text.split('\n').length - 1;
    const long = lines > fileLinesMax ? [`${file}:${lines}: more than ${fileLinesMax} lines`] : [];
    // Of a test, the file name says it.
    const opens = file.startsWith('test/') || /^(?:#![^\n]*\n)?\/[/*]/.test(text);
    return opens ? long : [...long, `${file}:1: does not say first what it owns`];
  });
}

/** Where this checkout stands, which nobody else's does, or words that promise unfinished work. */
export function words(tree: Tree, checkout: string): Complaint[] {
  const machine = checkout.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const unfinished = ['TO', 'DO|FIX', 'ME|XX', 'X'].join('');
  const banned = new RegExp(`${machine}(?![\\w-])|\\b(?:${unfinished})\\b`);
  return [...tree].flatMap(([file, text]) =>
    text
      .split('\n')
      .flatMap((line, i) => (banned.test(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
}

/** Limits that no code looks at: a promise in config.yaml that nobody keeps. */
export function unkept(limits: readonly string[], tree: Tree): Complaint[] {
  const files = [...tree].filter(([file]) => !/^src\/runtime\/(?:limits|config)/.test(file));
  return limits
    .filter((name) => !files.some(([, text]) => new RegExp(`\\b${name}\\b`).test(text)))
    .map((name) => `nothing keeps the limit ${name}`);
}

/** The map names what is there, and every room of src (src/a, src/a/b) is on it. */
export function map(text: string, folders: readonly string[], files: Tree): Complaint[] {
  const named = new Set(
    [...text.matchAll(/(?<![\w/])(?:src|test|scripts|certs)\/[\w./-]*/g)].map(([name]) =>
      name.replace(/[./]+$/, ''),
    ),
  );
  const there = (name: string): boolean => folders.includes(name) || files.has(name);
  const gone = [...named].filter((name) => !there(name));
  const missing = folders.filter(
    (name) => /^src\/[^/]+(?:\/[^/]+)?$/.test(name) && !named.has(name),
  );
  return [
    ...gone.map((name) => `ARCHITECTURE.md names ${name}, which does not exist`),
    ...missing.map((name) => `ARCHITECTURE.md does not name ${name}`),
  ];
}

function roomOf(path: string): string | undefined {
  return Object.keys(mayImport)
    .filter((name) => path.startsWith(name.endsWith('.') ? name : `${name}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/')).slice(1);
}

const importing =
  /^\s*(?:import|export)\b[^'"]*?\bfrom\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

/** Static imports, re-exports, and `import('…')`. */
function importsOf(file: string, text: string): Import[] {
  const bare = withoutComments(text);
  return [...bare.matchAll(importing)].map((match) => {
    const name = match[1] ?? match[2]!;
    const ours = name.startsWith('.');
    const joined = posix.join(posix.dirname(file), name).replace(/\.js$/, '.ts');
    return {
      line: bare.slice(0, match.index + match[0].length).split('\n').length,
      target: ours ? joined : name,
      ours,
      typeOnly: /^\s*(?:import|export)\s+type\b/.test(match[0]),
    };
  });
}

/** Comments blanked, lines kept; a `//` inside a string is taken for one, which blanks no call. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`])\/\/[^\n]*/g, '$1');
}
