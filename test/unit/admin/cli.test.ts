/** The command line in process: help, misspellings, exit codes, `--json`, with and without a server. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AdminError, exitCodes, exitCodeTexts } from '../../../src/admin/index.js';
import { LdapError } from '../../../src/runtime/errors.js';
import { readTree } from '../../tidy/tree.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: false });

async function made(...more: string[]): Promise<void> {
  const { code, err } = await cli().make(...more);
  expect([code, err]).toEqual([0, '']);
}

describe('usage', () => {
  test('--version and --help are answers, not errors', async () => {
    expect(await cli().run('--version')).toEqual({ code: 0, out: '1.2.3\n', err: '' });
    const help = await cli().run('--help');
    expect(help.code).toBe(0);
    for (const name of [
      'init',
      'serve',
      'status',
      'import',
      'export',
      'verify',
      'index',
      'admin',
    ]) {
      expect(help.out).toContain(`  ${name} `);
    }
    for (const text of Object.values(exitCodeTexts)) expect(help.out).toContain(text);
  });

  test('nothing at all is a question, answered on standard error', async () => {
    const { code, out, err } = await cli().run();
    expect([code, out]).toEqual([exitCodes.usage, '']);
    expect(err).toContain('Usage: tenure');
  });

  test.each([
    [['statsu'], "unknown command 'statsu'\n(Did you mean status?)"],
    [['index', 'ad'], "unknown command 'ad'\n(Did you mean add?)"],
    [['admin', 'recovr'], "unknown command 'recovr'\n(Did you mean recover?)"],
    [['verify', '--dta', 'x'], "unknown option '--dta'\n(Did you mean --data?)"],
    [['import'], "missing required argument 'file.ldif'"],
    [['verify', 'x'], 'too many arguments'],
    [['init'], "required option '--suffix <dn>' not specified"],
    [['serve', '--ldap', 'here'], 'write HOST:PORT'],
    [['clock', '--advance', 'soon'], 'write a length of time'],
    [['status', '--wait', '-1'], 'write whole seconds'],
  ])('%j', async (args, expected) => {
    const { code, out, err } = await cli().run(...args);
    expect([code, out]).toEqual([exitCodes.usage, '']);
    expect(err).toContain(expected);
    expect(err.startsWith('tenure: ')).toBe(true);
  });

  test('with --json a mistake is one JSON object on standard error', async () => {
    const { code, out, err } = await cli().run('verify', '--jsn', '--json');
    expect([code, out]).toEqual([exitCodes.usage, '']);
    expect(JSON.parse(err)).toEqual({
      error: { kind: 'usage', message: "unknown option '--jsn'\n(Did you mean --json?)" },
    });
  });

  test('every kind of failure has its own exit code, as the contract says', () => {
    const codes = Object.values(exitCodes);
    expect(new Set(codes).size).toBe(codes.length);
    const contract = readTree(['src/admin/cli/README.md'], ['.md']);
    const written = [...contract.values()].join('').replace(/ +/g, ' ');
    for (const [kind, code] of Object.entries(exitCodes)) {
      const text = exitCodeTexts[kind as keyof typeof exitCodes];
      expect(written).toContain(`| ${code} | ${kind} | ${text} |\n`);
    }
  });
});

describe('init', () => {
  test('makes folder, settings and certificates, and prints the password once', async () => {
    const { code, out } = await cli().run('init', '--suffix', 'dc=example,dc=com');
    expect(code).toBe(0);
    const password = /^password: (\S+)$/m.exec(out)?.[1];
    expect(password).toBe(readFileSync(join(cli().dir, 'data/tenure.db'), 'utf8'));
    expect(out).toContain('administrator: cn=admin,dc=example,dc=com\n');
    expect(statSync(join(cli().dir, 'data')).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(cli().dir, 'data/config.yaml'), 'utf8')).toContain('# listen:');
    expect(existsSync(join(cli().dir, 'data/certs/server.pem'))).toBe(true);
  });

  test('refuses to overwrite, and leaves foreign folders alone', async () => {
    await made();
    const again = await cli().run('init', '--suffix', 'dc=example,dc=com');
    expect(again.code).toBe(exitCodes.folder);
    expect(again.err).toContain('already holds a directory');
    mkdirSync(join(cli().dir, 'other'));
    writeFileSync(join(cli().dir, 'other/thesis.tex'), 'years');
    const foreign = await cli().run('init', '--suffix', 'dc=x', '--data', 'other');
    expect(foreign.code).toBe(exitCodes.folder);
    expect(foreign.err).toContain('holds other files (thesis.tex)');
    expect(cli().memory.calls).toEqual(['create dc=example,dc=com bare']);
  });

  test('a folder that cannot be made is said in words', async () => {
    writeFileSync(join(cli().dir, 'file'), '');
    for (const [dir, reason] of [
      ['/proc/none/data', 'there is no such file or folder'],
      ['file', 'part of the path is not a folder'],
      ['file/data', 'part of the path is not a folder'],
    ] as const) {
      const { code, err } = await cli().run('init', '--suffix', 'dc=x', '--data', dir);
      expect([dir, code, err]).toEqual([dir, exitCodes.folder, expect.stringContaining(reason)]);
    }
  });

  test('takes a password from a file or standard input, and does not print it', async () => {
    for (const name of ['data', 'b', 'c']) await cli().seed(name);
    writeFileSync(join(cli().dir, 'pw'), 'from the file\n');
    const { out } = await cli().run('init', '--suffix', 'dc=x', '--admin-password-file', 'pw');
    expect(out).not.toContain('password:');
    expect(readFileSync(join(cli().dir, 'data/tenure.db'), 'utf8')).toBe('from the file');
    cli().stdin = 'from a pipe\n';
    await cli().run('init', '--suffix', 'dc=x', '--admin-password-file', '-', '--data', 'b');
    expect(readFileSync(join(cli().dir, 'b/tenure.db'), 'utf8')).toBe('from a pipe');
    cli().stdin = '\n';
    const empty = await cli().run(
      'init',
      '--suffix',
      'dc=x',
      '--admin-password-file',
      '-',
      '--data',
      'c',
    );
    expect([empty.code, empty.err]).toEqual([
      exitCodes.input,
      'tenure: -: the password is empty\n',
    ]);
  });

  test('--json holds the same, and a bad name is the directory’s refusal', async () => {
    for (const name of ['data', 'b']) await cli().seed(name);
    const { out } = await cli().run('init', '--suffix', 'dc=x', '--sample', '--json');
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(result).sort()).toEqual(
      ['administrator', 'ca', 'config', 'data', 'password', 'playground', 'suffix'].sort(),
    );
    expect(result).toMatchObject({
      suffix: 'dc=x',
      administrator: 'cn=admin,dc=x',
      playground: true,
    });
    const bad = await cli().run('init', '--suffix', 'example.com', '--data', 'b', '--json');
    expect(bad.code).toBe(exitCodes.refused);
    expect(JSON.parse(bad.err)).toEqual({
      error: {
        kind: 'refused',
        message: 'invalidDNSyntax (34): "example.com" is no DN',
        resultCode: 'invalidDNSyntax',
      },
    });
  });
});

/** The same commands with the folder opened by the command itself, and through a server. */
describe.each(['alone', 'through a server'])('a directory, %s', (way) => {
  let stopServer = async (): Promise<void> => undefined;
  beforeEach(async () => {
    await made();
    if (way === 'alone') return;
    const server = cli().start('serve');
    expect(await server.ready).toContain('ready in');
    stopServer = async () => {
      cli().signal('SIGTERM');
      expect((await server.ended).code).toBe(0);
    };
  });
  afterEach(() => stopServer());

  const opened = way === 'alone' ? ['open read-write'] : [];
  const closed = way === 'alone' ? ['close'] : [];
  const callsAfterInit = (): string[] => cli().memory.calls.slice(1);

  test('import', async () => {
    const file = join(cli().dir, 'people.ldif');
    writeFileSync(file, 'dn: a=1\n\ndn: a=2\n');
    const { code, out, err } = await cli().run('import', 'people.ldif');
    expect([code, out, err]).toEqual([0, 'imported 2 entries\n', '']);
    expect(callsAfterInit()).toEqual([...opened, `import ${file} by tester`, ...closed]);
    expect(JSON.parse((await cli().run('import', 'people.ldif', '--json')).out)).toEqual({
      entries: 2,
      replaced: 0,
      changes: 1,
    });
  });

  test('import names the line of a mistake, and says what is missing', async () => {
    const file = join(cli().dir, 'bad.ldif');
    writeFileSync(file, 'dn: a=1\n?\n');
    const bad = await cli().run('import', 'bad.ldif', '--json');
    expect(bad.code).toBe(exitCodes.input);
    expect(JSON.parse(bad.err)).toEqual({
      error: { kind: 'input', message: `${file}:2: this is no attribute line`, line: 2 },
    });
    const none = await cli().run('import', 'none.ldif');
    expect(none.code).toBe(exitCodes.input);
    expect(none.err).toContain('there is no such file');
    expect((await cli().run('import', '.')).err).toContain('this is a folder');
  });

  test('import draws its progress on a terminal and wipes it', async () => {
    writeFileSync(join(cli().dir, 'p.ldif'), 'dn: a=1\n');
    cli().terminal = true;
    const { err } = await cli().run('import', 'p.ldif');
    expect(err).toContain('import  ');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
    expect((await cli().run('import', 'p.ldif', '--json')).err).toBe('');
  });

  test('export', async () => {
    const whole = cli().memory.exported.join('');
    expect(await cli().run('export')).toEqual({ code: 0, out: whole, err: '' });
    const { out } = await cli().run('export', '--base', 'ou=a b,dc=ü', '-o', 'out.ldif', '--json');
    const file = join(cli().dir, 'out.ldif');
    expect(JSON.parse(out)).toEqual({ entries: 1, file });
    expect(readFileSync(file, 'utf8')).toBe(whole);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(cli().memory.calls).toContain('export ou=a b,dc=ü');
  });

  test('an export of much is whole', async () => {
    cli().memory.exported = Array.from({ length: 300 }, (_, i) => `${i} ${'ü'.repeat(10_000)}\n`);
    expect((await cli().run('export')).out).toBe(cli().memory.exported.join(''));
  });

  test('an export that fails leaves no file, and the code says so', async () => {
    cli().memory.exported = [];
    cli().memory.fail = new LdapError('noSuchObject', 'there is no such base');
    cli().memory.exported = ['x'];
    const { code } = await cli().run('export', '-o', 'out.ldif');
    expect(code).not.toBe(0);
    expect(existsSync(join(cli().dir, 'out.ldif'))).toBe(false);
    const nowhere = await cli().run('export', '-o', 'none/out.ldif');
    expect([nowhere.code, nowhere.err]).toEqual([
      exitCodes.folder,
      expect.stringContaining('there is no such file or folder'),
    ]);
  });

  test('verify', async () => {
    expect((await cli().run('verify')).out).toBe('whole: 2 entries, 3 changes, log head abc123\n');
    cli().memory.problems = ['row 7: no parent'];
    const { code, out } = await cli().run('verify', '--json');
    expect(code).toBe(exitCodes.damaged);
    expect(JSON.parse(out)).toEqual({
      ok: false,
      problems: ['row 7: no parent'],
      entries: 2,
      changes: 3,
      head: 'abc123',
    });
  });

  test('admin recover', async () => {
    expect((await cli().run('admin', 'recover')).out).toBe(
      'administrator: cn=admin,dc=example,dc=com\npassword: new-one\n',
    );
  });

  test('index', async () => {
    expect((await cli().run('index', 'list')).out).toBe('mail  eq sub\nuid   eq\n');
    expect((await cli().run('index', 'add', 'sn', 'sub', 'eq')).out).toBe(
      'sn is indexed for eq, sub\n',
    );
    expect((await cli().run('index', 'add', 'UID')).out).toBe('uid is indexed for eq, as it was\n');
    expect((await cli().run('index', 'drop', 'mail', 'sub')).out).toBe('mail is indexed for eq\n');
    expect((await cli().run('index', 'drop', 'mail')).out).toBe('mail is not indexed\n');
    const { out } = await cli().run('index', 'list', '--json');
    expect(JSON.parse(out)).toEqual({
      indexes: [
        { attribute: 'sn', words: ['eq', 'sub'] },
        { attribute: 'uid', words: ['eq'] },
      ],
    });
    const gone = await cli().run('index', 'drop', 'uidd');
    expect([gone.code, gone.err]).toEqual([
      exitCodes.refused,
      'tenure: there is no index on uidd; did you mean uid?\n',
    ]);
    const word = await cli().run('index', 'add', 'uid', 'eqq');
    expect([word.code, word.err]).toEqual([
      exitCodes.usage,
      'tenure: "eqq" is not an index word; did you mean eq?\n',
    ]);
  });

  test('a refusal and a defect keep their kinds', async () => {
    cli().memory.fail = new LdapError('noSuchObject', 'not there');
    expect((await cli().run('verify')).code).toBe(exitCodes.refused);
    cli().memory.fail = new TypeError('undefined is not a function');
    const defect = await cli().run('verify');
    expect(defect.code).toBe(exitCodes.failed);
    expect(defect.err).toContain('tenure: internal error: undefined is not a function');
  });
});

describe('folders', () => {
  test('without a directory, each command says so and how to go on', async () => {
    for (const args of [['verify'], ['export'], ['clock'], ['stop'], ['serve']]) {
      const { code, err } = await cli().run(...args);
      expect([args[0], code]).toEqual([args[0], exitCodes.folder]);
      expect(err).toContain('there is no directory in');
    }
  });

  test('held by another process', async () => {
    await made();
    cli().memory.locked = true;
    const { code, err } = await cli().run('verify');
    expect([code, err]).toEqual([
      exitCodes.busy,
      `tenure: another tenure is serving ${join(cli().dir, 'data')}\n`,
    ]);
  });

  test('a path too long for a socket is said in words', async () => {
    const { code, err } = await cli().run('verify', '--data', `/tmp/${'x'.repeat(120)}`);
    expect(code).toBe(exitCodes.folder);
    expect(err).toContain('too long for a local socket');
    expect(new AdminError('folder', 'x').kind).toBe('folder');
  });
});
