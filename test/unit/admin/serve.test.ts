/** Serving in process: signals, readiness, the test clock, settings, and the playground's tour. */
import { statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../../src/admin/index.js';
import { eachCommandLine } from './cli-harness.js';

const cli = eachCommandLine({ made: false });

async function made(...more: string[]): Promise<void> {
  expect((await cli().make(...more)).code).toBe(0);
}

describe('signals', () => {
  test('SIGTERM stops in order, SIGHUP reloads certificates', async () => {
    await made();
    const server = cli().start('serve', '--json');
    const ready = JSON.parse(await server.ready) as Record<string, unknown>;
    expect(ready).toMatchObject({ ready: true, addresses: { ldap: '127.0.0.1:3890' } });
    cli().signal('SIGHUP');
    cli().signal('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(cli().memory.calls.slice(1)).toEqual(['reload', 'stop SIGTERM']);
  });

  test('the second one ends it at once', async () => {
    await made();
    const server = cli().start('serve');
    await server.ready;
    cli().signal('SIGINT'); // This server does not end by it.
    cli().signal('SIGINT');
    expect((await server.ended).code).toBe(exitCodes.interrupted);
    expect((await cli().run('stop')).out).toBe('stopping\n');
  });

  test('tenure stop', async () => {
    await made();
    const server = cli().start('serve');
    await server.ready;
    expect((await cli().run('stop', '--json')).out).toBe('{"stopping":true}\n');
    expect((await server.ended).code).toBe(0);
  });
});

describe('settings', () => {
  test('flags come before the file, off closes', async () => {
    await made();
    writeFileSync(join(cli().dir, 'my.yaml'), 'listen: {ldap: "*:389"}\nlog: {level: error}\n');
    const server = cli().start('serve', '--config', 'my.yaml', '--ldaps', 'off');
    await server.ready;
    expect(cli().memory.served?.config).toMatchObject({
      listen: { ldap: '*:389', ldaps: undefined },
      log: { level: 'error' },
      tls: { cert: join(cli().dir, 'data/certs/server.pem') },
    });
    cli().signal('SIGTERM');
    await server.ended;
  });

  test('mistakes are all shown, with their places', async () => {
    await made();
    const file = join(cli().dir, 'data/config.yaml');
    writeFileSync(file, 'log:\n  levl: info\nlimits: {sliceMs: soon}\n');
    const { code, err } = await cli().run('serve');
    expect(code).toBe(exitCodes.config);
    expect(err).toBe(
      `tenure: ${file}:2:3: unknown key log.levl; did you mean log.level?\n` +
        `${file}:3:19: limits.sliceMs must be a whole number, not "soon"\n`,
    );
    const { err: json } = await cli().run('serve', '--json');
    expect(JSON.parse(json)).toMatchObject({
      error: {
        kind: 'config',
        problems: [
          { line: 2, column: 3 },
          { line: 3, column: 19 },
        ],
      },
    });
    const missing = await cli().run('serve', '--config', 'none.yaml');
    expect(missing.err).toContain('none.yaml:1:1: there is no such file');
  });
});

describe('status', () => {
  test('says that nothing runs, and waits no longer than told', async () => {
    await made();
    expect(await cli().run('status')).toEqual({
      code: exitCodes['not-ready'],
      out: `no server is running on ${join(cli().dir, 'data')}\n`,
      err: '',
    });
    const { code, out } = await cli().run('status', '--wait', '1', '--json');
    expect([code, JSON.parse(out)]).toEqual([
      exitCodes['not-ready'],
      { running: false, ready: false },
    ]);
  });

  test('--wait resolves when the server comes up', async () => {
    await made();
    const waiting = cli().run('status', '--wait', '20', '--json');
    const server = cli().start('serve');
    await server.ready;
    const { code, out } = await waiting;
    expect(code).toBe(0);
    const status = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(status)).toEqual([
      'running',
      'ready',
      'version',
      'pid',
      'uptimeSeconds',
      'addresses',
      'listeners',
      'directory',
      'health',
      'concerns',
    ]);
    cli().memory.listenersOk = false;
    const bad = await cli().run('status');
    expect(bad.code).toBe(exitCodes['not-ready']);
    expect(bad.out).toContain('does not answer');
    cli().signal('SIGTERM');
    await server.ended;
  });
});

describe('clock', () => {
  test('moves on a playground under --test-clock', async () => {
    await made('--sample');
    const server = cli().start('serve', '--test-clock');
    expect(await server.ready).toContain('you may move its clock');
    const before = JSON.parse((await cli().run('clock', '--json')).out) as { now: string };
    const after = JSON.parse((await cli().run('clock', '--advance', '1d2h', '--json')).out) as {
      now: string;
      movable: boolean;
    };
    expect(after.movable).toBe(true);
    const movedMs = Date.parse(after.now) - Date.parse(before.now);
    expect(movedMs).toBeGreaterThanOrEqual(26 * 3_600_000);
    expect(movedMs).toBeLessThan(26.1 * 3_600_000);
    cli().signal('SIGTERM');
    await server.ended;
  });

  test('is shown, moved and accepted in words of their own', async () => {
    await made('--sample');
    const server = cli().start('serve', '--test-clock');
    await server.ready;
    const now = async (...args: string[]) => (await cli().run('clock', ...args)).out;
    const shown = await now('show');
    expect(shown).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \(test clock\)\n$/);
    expect(Date.parse((await now('move', '2d')).slice(0, 24))).toBeGreaterThan(
      Date.parse(shown.slice(0, 24)) + 47 * 3_600_000,
    );
    cli().memory.suspicion = 'the clock stepped from A to B';
    expect(await now('show')).toContain(
      '\nnot trusted: the clock stepped from A to B; nothing is destroyed until: tenure clock accept\n',
    );
    expect(JSON.parse(await now('show', '--json'))).toMatchObject({
      movable: true,
      suspicion: 'the clock stepped from A to B',
    });
    expect(await now('accept')).not.toContain('not trusted');
    expect(await now('show')).not.toContain('not trusted');
    cli().signal('SIGTERM');
    await server.ended;
  });

  test('is refused on a real directory, and stands still on a real clock', async () => {
    await made();
    const refused = await cli().run('serve', '--test-clock');
    expect(refused.code).toBe(exitCodes.refused);
    expect(refused.err).toContain('--test-clock is for playgrounds');
    const server = cli().start('serve');
    await server.ready;
    const { code, err } = await cli().run('clock', '--advance', '1h');
    expect([code, err]).toEqual([
      exitCodes.refused,
      'tenure: this clock is real; serve a playground with --test-clock\n',
    ]);
    cli().signal('SIGTERM');
    await server.ended;
  });
});

describe('playground', () => {
  test('is made once, with a password and lines to paste; then only served', async () => {
    await cli().seed('data');
    const first = cli().start('playground');
    const text = await first.ready;
    const password = /^ {2}password: (\S+)$/m.exec(text)?.[1];
    expect(text).toContain('  tenure  31 people, 9 groups, 4 services, 1 host in ./data');
    expect(text).toContain(
      `  LDAPTLS_CACERT=data/certs/ca.pem ldapsearch -ZZ -H ldap://localhost:3890 -x -D cn=admin,dc=example,dc=com -w ${password} -LLL -b dc=example,dc=com '(uid=ada)'\n`,
    );
    expect(text).toContain('  ldapwhoami -Q -Y EXTERNAL -H ldapi://data%2Fldapi.sock\n');
    cli().signal('SIGTERM');
    await first.ended;

    const second = cli().start('playground', '--ldaps', 'off');
    const again = await second.ready;
    expect(again).not.toContain('password: ');
    expect(again).not.toContain('ldaps://');
    expect(again).toContain(' -W ');
    cli().signal('SIGTERM');
    await second.ended;
    expect(cli().memory.calls[0]).toBe('create dc=example,dc=com sample');
    expect(cli().memory.calls.filter((call) => call.startsWith('create'))).toHaveLength(1);
  });
});

describe('a start that fails', () => {
  const taken = Object.assign(new Error('127.0.0.1:3890 is taken'), { code: 'EADDRINUSE' });

  test('is one sentence and the code for it', async () => {
    await made();
    cli().memory.failStart = taken;
    expect(await cli().run('serve')).toEqual({
      code: exitCodes.address,
      out: '',
      err: 'tenure: 127.0.0.1:3890 is taken\n',
    });
    cli().memory.failStart = new Error('/x/tenure.db is from a newer version');
    expect((await cli().run('serve')).code).toBe(exitCodes.folder);
  });

  test('still shows the password of a playground that was just made', async () => {
    await cli().seed('data');
    cli().memory.failStart = taken;
    const { code, out } = await cli().run('playground');
    expect(code).toBe(exitCodes.address);
    expect(out).toMatch(/^password: \S+\n$/);
  });
});

describe('the control socket', () => {
  function ask(
    method: string,
    path: string,
    body?: string,
  ): Promise<{ code: number; text: string }> {
    return new Promise((resolve, reject) => {
      const socketPath = join(cli().dir, 'data/control.sock');
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const sent = request({ socketPath, method, path, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ code: response.statusCode ?? 0, text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  test('is for its owner only, and answers nonsense in words', async () => {
    await made();
    const server = cli().start('serve');
    await server.ready;
    expect(statSync(join(cli().dir, 'data/control.sock')).mode & 0o777).toBe(0o600);
    const cases: [string, string, string | undefined, number][] = [
      ['GET', '/nothing', undefined, 404],
      ['POST', '/v1/import', '{', 400],
      ['POST', '/v1/import', '{"file":1}', 400],
      ['POST', '/v1/import', '{"file":"/x","by":"me","more":1}', 400],
      ['POST', '/v1/indexes', `"${'x'.repeat(2_000_000)}"`, 413],
      ['POST', '/v1/clock', '{"advanceMs":"soon"}', 400],
    ];
    for (const [method, path, body, code] of cases) {
      const answer = await ask(method, path, body).catch(() => ({ code: 413, text: '' }));
      expect([path, answer.code >= 400]).toEqual([path, true]);
      if (answer.text === '') continue;
      expect(JSON.parse(answer.text)).toMatchObject({ error: { kind: 'usage' } });
      if (code !== 413) expect([path, answer.code]).toEqual([path, code]);
    }
    expect((await cli().run('status')).code).toBe(0);
    cli().signal('SIGTERM');
    await server.ended;
  });
});
