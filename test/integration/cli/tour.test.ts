/** The lines that the playground prints work when pasted (needs OpenLDAP's client tools). */
import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tenureCommand } from '../../support/made-directory.js';
import { cleanUp, newFolder, type Spawned, start } from '../../support/spawned.js';

const hasTools = spawnSync('ldapsearch', ['-VV']).error === undefined;
const withTools = hasTools ? describe : describe.skip;

withTools('the playground', () => {
  let folder = '';
  let server: Spawned;
  let text = '';

  async function play(): Promise<void> {
    const ports = ['--ldap', '127.0.0.1:0', '--ldaps', '127.0.0.1:0'];
    server = start(process.execPath, [tenureCommand(), 'playground', ...ports], folder);
    text = '';
    server.child.stdout?.on('data', (chunk: string) => {
      text += chunk;
    });
    await server.firstLine;
    while (!text.includes('ldaps://localhost')) await new Promise(setImmediate);
  }

  function pasted(): string[] {
    return text.split('\n').filter((line) => /^ {2}(?:[A-Z_]+=\S+ )?(?:ldap|printf)/.test(line));
  }

  beforeAll(async () => {
    folder = newFolder();
    await play();
  }, 60_000);
  afterAll(() => cleanUp(folder));

  test('every line it prints works', () => {
    const lines = pasted().filter((line) => !line.includes('://127.0.0.1'));
    expect(lines.length).toBe(7);
    const outputs = lines.map((line) =>
      execFileSync('/bin/sh', ['-c', line], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }),
    );
    const [whoami, search, modify, passwd, startTls, ldaps, whoamiTls] = outputs;
    expect(whoami).toContain('dn:cn=admin,dc=example,dc=com');
    expect(search).toContain('cn: Ada Lovelace');
    expect(modify).toContain('uid=ada,ou=people,dc=example,dc=com');
    expect(passwd).toMatch(/New password: \S+/);
    for (const found of [startTls, ldaps]) expect(found).toContain('title: Countess');
    expect(whoamiTls).toContain('dn:cn=admin,dc=example,dc=com');
  });

  test('so do those about an employment, an application and the audit trail, and the one that only looks moves nobody', () => {
    const lines = text.split('\n').filter((line) => line.includes('bin/tenure '));
    const [join, offboard, plan, why, may, service, brownout, audit] = lines.map((line) =>
      execFileSync('/bin/sh', ['-c', line], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }),
    );
    expect(lines).toHaveLength(8);
    expect(join).toMatch(/lin {2}active now, uid \d+/);
    expect(join).toMatch(/first password {2}first-/);
    expect(offboard).toContain('Nobody but');
    expect(plan).toContain('Nothing is due');
    expect(why).toContain('ada can come in now');
    expect(may).toContain('ada may write mobile on uid=grace,ou=people,dc=example,dc=com: no');
    expect(service).toMatch(/credential {2}svc-/);
    expect(brownout).toMatch(/gitea {2}shut now: .*\n {2}opens by itself /);
    expect(audit).toContain('tenure service add by ');
  });

  test('the second start keeps everything and shows no password', async () => {
    server.child.kill('SIGTERM');
    expect((await server.exited).code).toBe(0);
    await play();
    expect(text).not.toContain('password: ');
    const search = pasted().find((line) => line.includes("'(uid=ada)' '*' '+'"));
    const found = execFileSync('/bin/sh', ['-c', search ?? 'false'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(found).toContain('title: Countess');
  });
});
