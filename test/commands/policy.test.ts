/** A policy from an example to being in force, as an administrator types it, with a server and without. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { exitCodes } from '../../src/admin/index.js';
import { makeDirectory } from '../support/made-directory.js';
import { cleanUp, newFolder, type Spawned, serving, tenure } from '../support/spawned.js';

// Many processes, one after the other.
jest.setTimeout(180_000);

let folder = '';
let server: Spawned;

beforeAll(async () => {
  folder = newFolder();
  await makeDirectory(folder);
});
afterAll(() => cleanUp(folder));

const policy = (...args: string[]) => tenure(folder, 'policy', ...args);

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await policy(...args, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Record<string, unknown>;
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

/** The small example, changed in one place. */
async function small(from: string | RegExp = '', to = ''): Promise<string> {
  return (await policy('example', 'small')).out.replace(from, to);
}

describe('without a server', () => {
  test('the built-in policy holds, and is read aloud', async () => {
    expect((await policy('show')).out).toContain('What holds until a policy is installed');
    const { out } = await policy('read');
    expect(out).toContain('departure, for contractor and person');
    expect(out).toMatch(/Read and agreed: _+ {2}Date: _+\nsha256 [0-9a-f]{64}\n$/);
    expect(await json('show')).not.toHaveProperty('dn');
  });

  test('check names every mistake as editors take it, and exits with its code', async () => {
    const name = file(
      'bad.yaml',
      (await small('type is contractor', 'typ is contractor')).replace('at end:', 'at ent:'),
    );
    const { code, out } = await policy('check', name);
    expect(code).toBe(exitCodes.input);
    expect(out).toMatch(
      /^bad\.yaml:6:21: "typ" is no attribute that this directory knows; did you mean type\?$/m,
    );
    expect(out).toMatch(/^bad\.yaml:\d+:\d+: "ent" is not a moment; did you mean end\?$/m);
    expect(out).toContain('2 mistakes: this policy cannot be installed');
  });

  test('check of a sound one counts the people, and says who can give a role', async () => {
    const { code, out } = await policy('check', file('small.yaml', await small()));
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}boss +group management +by hand +administrators +line 30$/m);
    expect(out).toMatch(/^ {2}employee +\d+$/m);
    expect(out).toContain('nobody has made the group freelancers');
    expect(out).toContain('this policy can be installed');
  });

  test('install puts it in force', async () => {
    const done = await json('install', 'small.yaml', '--yes', '--because', 'first policy');
    expect(done).toMatchObject({
      dn: 'cn=policy,dc=example,dc=com',
      written: true,
      closed: { count: 0 },
    });
    expect((await policy('show')).out).toBe(await small());
    expect(await json('install', 'small.yaml', '--yes')).toMatchObject({ written: false });
    expect((await policy('diff', 'small.yaml')).out).toContain(
      'it says what the one in force says',
    );
  });
});

describe('with a server', () => {
  beforeAll(async () => {
    ({ server } = await serving(folder));
  });

  test('diff says what would change in the document and for people', async () => {
    const name = file('next.yaml', await small('gets: staff', 'gets: [staff, wifi]'));
    const { out } = await policy('diff', name);
    expect(out).toContain('  ~ kinds.employee.gets: staff → staff, wifi\n');
    expect(out).toMatch(/^ {4}group wifi {2}\+\d+ −0$/m);
  });

  test('too many people shut out are refused until their number is said', async () => {
    for (const name of ['One', 'Two', 'Three', 'Four']) {
      const joined = await tenure(folder, 'join', `Leaver ${name}`, '--end', 'today');
      expect([joined.code, joined.err]).toEqual([0, '']);
    }
    const text = await small('company: {', 'company: {an end date means: the first day without, ');
    const shut = file('shut.yaml', text);
    expect((await policy('diff', shut)).out).toMatch(/^ {4}shut out {2}4: leaver/m);
    const { code, err } = await policy('install', shut, '--yes');
    expect(code).toBe(exitCodes.refused);
    expect(err).toContain('4 people would be shut out at once');
    expect(err).toContain('no more than 3 may be; where that is meant, say --expect 4');
    expect((await policy('install', shut, '--yes', '--expect', '3')).err).toContain(
      'and 3 were expected',
    );
    expect((await policy('show')).out).toBe(await small());
    const done = await json('install', shut, '--yes', '--expect', '4');
    expect(done).toMatchObject({ written: true, closed: { count: 4 } });
  });

  test('a mistake is refused, and nothing changes', async () => {
    const { code, err } = await policy('install', 'bad.yaml', '--yes');
    expect(code).toBe(exitCodes.refused);
    expect(err).toMatch(/line 6, column 21: "typ" is no attribute .* \(and 1 more\)/);
  });

  test('history tells who, when, why, and has every document', async () => {
    await policy('install', 'next.yaml', '--yes', '--because', 'wifi for all');
    const versions = (await json('history')) as unknown as {
      seq: number;
      what: string;
      reason: string;
    }[];
    expect(versions.map(({ what }) => what)).toEqual(['installed', 'replaced', 'replaced']);
    expect(versions.at(-1)!.reason).toMatch(/^tenure policy install by .*: wifi for all$/);
    expect((await policy('history', '--show', String(versions[0]!.seq))).out).toBe(await small());
    expect((await policy('history')).out).toMatch(/first policy/);
  });

  test('and stops', async () => {
    expect((await tenure(folder, 'stop')).code).toBe(0);
    await server.exited;
    expect((await tenure(folder, 'verify')).code).toBe(0);
  });
});
