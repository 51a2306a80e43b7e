/** config.yaml: defaults, every kind of mistake with its place, and the template as the manual. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { defaultArgon2Params } from '../../../src/credentials/index.js';
import {
  ConfigError,
  defaultConfig,
  loadConfig,
  parseConfig,
} from '../../../src/runtime/config.js';
import { configTemplate } from '../../../src/runtime/config-template.js';
import { defaultLimits } from '../../../src/runtime/limits.js';

const file = '/srv/tenure/config.yaml';

function problemsOf(text: string): string[] {
  try {
    parseConfig(text, file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((p) => `${p.line}:${p.column} ${p.message}`);
  }
  throw new Error('no mistake was found');
}

describe('what is valid', () => {
  test('an empty file, comments, and empty sections give the defaults', () => {
    for (const text of ['', '# nothing\n', 'limits:\nlog:\n', 'limits:\n  # a: 1\n', '---\n']) {
      expect(parseConfig(text, file)).toEqual(defaultConfig);
    }
  });

  test('what is given replaces the default and nothing else', () => {
    const config = parseConfig('limits:\n  pduBytesMax: 1000\nlog: {level: warn}\n', file);
    expect(config.limits).toEqual({ ...defaultLimits, pduBytesMax: 1000 });
    expect(config.log.level).toBe('warn');
    expect(config.listen).toEqual(defaultConfig.listen);
  });

  test('off closes a listener', () => {
    const { listen } = parseConfig('listen: {ldap: off, ldaps: "[::1]:636"}', file);
    expect(listen).toEqual({ ldap: undefined, ldaps: '[::1]:636' });
  });

  test('paths start from the folder of the file', () => {
    const { tls } = parseConfig('tls: {cert: a.pem, key: /k/b.pem}', file);
    expect([tls.cert, tls.key, tls.ca]).toEqual(['/srv/tenure/a.pem', '/k/b.pem', undefined]);
  });

  test('the cost of passwords is that of the credentials unless given', () => {
    const { argon2 } = defaultConfig.passwords;
    expect(defaultArgon2Params).toEqual({
      memoryKib: argon2.memoryKiB,
      passes: argon2.iterations,
      lanes: argon2.parallelism,
    });
  });
});

describe('mistakes are named with line and column', () => {
  const cases: [string, string, string[]][] = [
    ['a section', 'lisen:\n  ldap: x\n', ['1:1 unknown key lisen; did you mean listen?']],
    [
      'a key',
      'limits:\n  pduByteMax: 4\n',
      ['2:3 unknown key limits.pduByteMax; did you mean limits.pduBytesMax?'],
    ],
    [
      'a key in the wrong section',
      'log: {}\nlevel: info\n',
      ['2:1 unknown key level; did you mean log.level?'],
    ],
    ['an address', 'listen:\n  ldap: 389\n', ['2:9 listen.ldap must be a text, not 389']],
    [
      'an address without a port',
      'listen:\n  ldap: here\n',
      ['2:9 listen.ldap: "here" has no port; write HOST:PORT, such as 127.0.0.1:3890'],
    ],
    ['a number', 'limits: {sliceMs: 1.5}', ['1:19 limits.sliceMs must be a whole number, not 1.5']],
    ['a negative', 'limits: {valuesMax: -1}', ['1:21 limits.valuesMax must be at least 1, not -1']],
    [
      'a timer',
      'limits: {keepAliveMs: 9999999999}',
      ['1:23 limits.keepAliveMs must be at most 2147483647, not 9999999999'],
    ],
    [
      'a choice',
      'cleartextBind: loopbak',
      [
        '1:16 cleartextBind must be one of loopback, always, never, not "loopbak"; did you mean loopback?',
      ],
    ],
    ['half a pair', 'tls: {cert: a.pem}', ['1:13 tls.cert needs tls.key beside it']],
    ['a list', '- a', ['1:1 the file must hold keys and values, not a list']],
    ['a key twice', 'log: {}\nlog: {}\n', ['2:1 YAML: Map keys must be unique']],
  ];
  test.each(cases)('%s', (_name, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  test('all at once, in the order of the file', () => {
    const problems = problemsOf('log: {level: inof}\nlimits: {nope: 1}\npasswords: yes\n');
    expect(problems.map((p) => p.split(':')[0])).toEqual(['1', '2', '3']);
  });

  test('0 stands for none only where the limit says so', () => {
    expect(parseConfig('limits: {sizeLimitMax: 0}', file).limits.sizeLimitMax).toBe(0);
    expect(problemsOf('limits: {pduBytesMax: 0}')).toHaveLength(1);
  });

  test('hostile files end as mistakes', () => {
    const bomb = [
      'a: &a [x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: [*b,*b,*b,*b,*b,*b]',
    ];
    for (const text of ['x: *y', '%&/', '\u0000', bomb.join('\n'), '__proto__: {a: 1}', '[']) {
      expect(problemsOf(text).length).toBeGreaterThan(0);
    }
  });
});

describe('the template', () => {
  test('is valid as written, and says the defaults when uncommented', () => {
    expect(parseConfig(configTemplate(), file)).toEqual(defaultConfig);
    const bare = configTemplate().replace(/^# ?(?=\s*[A-Za-z0-9]+:(?: |$))/gm, '');
    const { tls, secrets, ...config } = parseConfig(bare, file);
    const { tls: defaultTls, secrets: _, ...defaults } = defaultConfig;
    expect(config).toEqual(defaults);
    expect(tls.minVersion).toBe(defaultTls.minVersion);
    expect(tls.cert).toBe('/srv/tenure/certs/server.pem');
    expect(secrets.keyFile).toBe('/srv/tenure/secrets.key');
  });

  test('names every limit', () => {
    for (const name of Object.keys(defaultLimits)) expect(configTemplate()).toContain(` ${name}: `);
  });
});

describe('reading the file', () => {
  test('a missing one is fine unless it was asked for; unreadable ones are told', () => {
    const dir = mkdtempSync(join(tmpdir(), 'tenure-config-'));
    try {
      const missing = join(dir, 'none.yaml');
      expect(loadConfig(missing, false)).toEqual(defaultConfig);
      expect(() => loadConfig(missing, true)).toThrow(`${missing}:1:1: there is no such file`);
      expect(() => loadConfig(dir, false)).toThrow('this is a folder, not a file');
      const written = join(dir, 'config.yaml');
      writeFileSync(written, 'log:\n  level: debug\n');
      expect(loadConfig(written, true).log.level).toBe('debug');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
