/** The README's chapter on connecting an application runs as it is written. */
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cloneRoot } from '../support/made-directory.js';
import { hasTools } from '../support/process-ldap.js';
import { run } from '../support/process-run.js';
import { TenureServer } from '../support/process-server.js';

const withTools = hasTools ? describe : describe.skip;

interface Shown {
  readonly command: string;
  readonly output: string;
}

/** What the chapter types, and what it says comes back. */
function chapter(title: string): Shown[] {
  const text = readFileSync(join(cloneRoot(), 'README.md'), 'utf8');
  const [, part = ''] = text.split(`### ${title}\n`);
  const blocks = part.split(/\n##/)[0]!.matchAll(/```console\n(.*?)```/gs);
  return [...blocks].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((shown) => {
        const [command = '', ...output] = shown.split('\n');
        return { command, output: output.join('\n') };
      }),
  );
}

const secret = /\bsvc-(?:[0-9a-z]{4}-){7}[0-9a-z]{4}|(?<=New password: )\S+/g;

/** Without what is different each time: secrets, moments, and the widths that follow from them. */
const shape = (output: string) =>
  output
    .replace(secret, 'SECRET')
    .replace(/\bsvc-[0-9a-z]{4}-…/g, 'SECRET')
    .replace(/(?:[A-Z][a-z]{2} )?\d{1,2} [A-Z][a-z]{2} \d\d:\d\d:\d\d/g, 'MOMENT')
    .replace(/\bMOMENT(?: UTC)?/g, 'MOMENT')
    .replace(/(?:\d+ s ago|just now|now)\b/g, 'AGO')
    .replace(/ +/g, ' ')
    .trim();

withTools('connecting an application', () => {
  let server: TenureServer;

  beforeAll(async () => {
    server = await TenureServer.serving();
  }, 60_000);

  afterAll(() => server.finish());

  test('each command does what it says', async () => {
    const shown = chapter('Connect an app in one minute, and know who uses it');
    expect(shown.length).toBeGreaterThan(5);
    const made = new Map<string, string>();
    const PATH = `${join(cloneRoot(), 'bin')}${delimiter}${process.env['PATH']}`;
    for (const { command, output } of shown) {
      let typed = command.replace(':3890', `:${server.ldapPort}`);
      for (const [written, actual] of made) typed = typed.replace(written, actual);
      const ran = await run('/bin/sh', ['-c', typed], { cwd: server.folder, env: { PATH } });
      expect({ command, code: ran.code, err: ran.err }).toEqual({ command, code: 0, err: '' });
      expect(shape(ran.out)).toBe(shape(output));
      const actual = ran.out.match(secret) ?? [];
      for (const [i, written] of (output.match(secret) ?? []).entries()) {
        made.set(written, actual[i]!);
      }
    }
  }, 60_000);
});
