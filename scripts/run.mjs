/**
 * What the npm scripts run: node scripts/run.mjs start|build|test|check|bench|fuzz [arguments].
 * Plain Node, so that it works on a fresh clone before anything is installed. Each first makes sure
 * that the packages are installed and the sources compiled, and does nothing that is done already.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pack } from './pack.mjs';
import { packProgram } from './program.mjs';
import { fresh, installedAsLocked, stampOf, sweep, writeStamp } from './stamps.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [verb = '', ...rest] = process.argv.slice(2);

/** Suites that take minutes and are asked for by name: npm test interop. */
const heavySuites = ['interop', 'commands', 'crash', 'fuzz', 'timing'];
/** Those of them that are about disks, or measure. */
const onDisk = ['crash', 'fuzz', 'timing'];
/** Room that the tests may need at once, many times over. */
const MEMORY_DISK_BYTES = 1 << 30;
/** Those of them that measure, or load the machine: one file at a time. */
const measuring = ['fuzz', 'timing'];
const verbs = { start, build, test, check, bench, fuzz };

process.chdir(root);
checkNode();
if (Object.hasOwn(verbs, verb)) {
  process.exitCode = await verbs[verb](rest);
} else {
  say(`there is no "${verb}"; there are ${Object.keys(verbs).join(', ')}`);
  process.exitCode = 2;
}

/** Serves the sample company in ./data; the server runs in this very process. */
async function start(args) {
  await prepare();
  const { main } = await import(pathToFileURL(join(root, 'build/program/main.js')).href);
  return main(['playground', ...args]);
}

function build() {
  install();
  return compile(true);
}

/** Unit, property and integration tests, or one heavy suite by name; arguments go to jest. */
async function test(args) {
  await prepare();
  for (const skipped of missingTools()) say(skipped);
  const [name, ...more] = args;
  // A thousand small databases: where there is a disk in memory their commits wait for nothing.
  const where = onDisk.includes(name) ? {} : memoryDisk();
  if (!heavySuites.includes(name)) return jest(args, where);
  const alone = measuring.includes(name) ? ['--runInBand'] : [];
  // Last, or what comes after it would be taken for more of the same.
  return jest([...alone, ...more, `--testMatch=<rootDir>/test/${name}/**/*.test.js`], where);
}

/** Types, style, and the shape of the tree, in seconds; all three even where the first fails. */
async function check() {
  install();
  const types = await compile(true);
  say('checking style…');
  const style = tool('@biomejs/biome/bin/biome', ['check', '.']);
  say('checking shape…');
  const shape = await jest(['test/tidy']);
  return types || style || shape;
}

function bench(args) {
  return compiled('build/test/bench/index.js', args);
}

function fuzz(args) {
  return compiled('build/test/fuzz/index.js', args);
}

async function compiled(file, args) {
  await prepare();
  if (!existsSync(file)) {
    say(`there is no ${file}`);
    return 1;
  }
  return run(process.execPath, [file, ...args]);
}

async function jest(args, more = {}) {
  await packTests();
  const options = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --no-warnings`;
  const env = { ...process.env, ...more, NODE_OPTIONS: options.trim() };
  return tool('jest/bin/jest.js', args, env);
}

/** Where temporary files go, unless somebody has said where, or there is little memory. */
function memoryDisk() {
  const folder = '/dev/shm';
  if (process.env.TMPDIR !== undefined || !existsSync(folder)) return {};
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < MEMORY_DISK_BYTES ? {} : { TMPDIR: folder };
  } catch {
    return {};
  }
}

async function prepare() {
  install();
  const code = await compile(false);
  if (code !== 0) process.exit(code);
}

/** Installs the packages unless those of this very lock file are there. */
function install() {
  const stamp = join(root, 'node_modules/.tenure-lock');
  // Compiled packages fit one binary interface of Node.
  const wanted = stampOf(root, ['package-lock.json'], [process.versions.modules, process.arch]);
  if (fresh(stamp, wanted)) return;
  if (!existsSync(stamp) && installedAsLocked(root)) {
    writeStamp(stamp, wanted);
    return;
  }
  say('installing packages…');
  const npm = process.env.npm_execpath;
  // Not `npm ci`: it refuses a lock file that lacks packages for platforms other than this one.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm started us: the same one, without a search along PATH.
  const code = npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args);
  if (code !== 0) {
    say('installing failed; the reason stands above');
    process.exit(code);
  }
  writeStamp(stamp, wanted);
}

/** Compiles and packs unless nothing changed; `always` where its messages are what is wanted. */
async function compile(always) {
  const stamp = join(root, 'build/.tenure-build');
  const wanted = stampOf(
    root,
    ['src', 'test', 'tsconfig.json', 'scripts/program.mjs', 'package-lock.json'],
    [],
  );
  if (!always && fresh(stamp, wanted)) return 0;
  say('compiling…');
  const code = tool('typescript/bin/tsc', ['-p', '.']);
  // What has no source any more must not be run, or tested.
  for (const folder of ['src', 'test']) sweep(join(root, 'build'), root, folder);
  if (code !== 0) return code;
  await packProgram(root);
  writeStamp(stamp, wanted);
  return code;
}

/** Packs what is compiled for Jest, unless that is done. */
async function packTests() {
  const stamp = join(root, 'build/.tenure-packed');
  const wanted = stampOf(
    root,
    ['build/.tenure-build', 'scripts/pack.mjs', 'package-lock.json'],
    [],
  );
  if (fresh(stamp, wanted)) return;
  await pack(root);
  writeStamp(stamp, wanted);
}

function tool(file, args, env = process.env) {
  return run(process.execPath, [join(root, 'node_modules', file), ...args], env);
}

function run(command, args, env = process.env) {
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit', env });
  if (error !== undefined) say(`${command}: ${error.message}`);
  return status ?? (signal === null ? 1 : 130);
}

/** What stays untested on this machine, one sentence each. */
function missingTools() {
  const wanted = [
    ['ldapsearch', "skipped: tests with OpenLDAP's client tools (install ldap-utils)"],
    ['radclient', 'skipped: tests with FreeRADIUS (install freeradius-ldap, freeradius-utils)'],
    ['eapol_test', 'skipped: Wi-Fi logins by PEAP and TTLS (install eapoltest)'],
  ];
  return wanted.filter(([name]) => !onPath(name)).map(([, sentence]) => sentence);
}

function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => folder !== '' && existsSync(join(folder, name)));
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 12)) return;
  say(`Node ${process.versions.node} is too old; 20.12 or newer is needed`);
  process.exit(1);
}

function say(text) {
  process.stderr.write(`  ${text}\n`);
}
