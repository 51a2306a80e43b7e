/** Where somebody was seen, as the administration asks: by person, by application, in a case, a proof, reports. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AccessEngine, ReportKind } from '../../../src/admin/access.js';
import {
  accessEngine,
  casesEngine,
  type ProveParts,
  prove,
} from '../../../src/compose/people/index.js';
import { personOf } from '../../../src/directory/operations/lifecycle/index.js';
import { defaultConfig } from '../../../src/runtime/config.js';
import { ok } from '../../support/directory-expect.js';
import { seededRandom } from '../../support/directory-fakes.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { type People, partsOf, peopleOf } from '../../support/people-engine.js';
import { eachServed } from '../../support/served-directory.js';
import { ed25519 } from '../../support/ssh-keys.js';
import { bindOp, searchOp, type WireClient } from '../../support/wire-client.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const served = eachServed({ accessMap: {} });
const d = () => served().directory;
const password = 'right horse';
const git = `uid=git,ou=services,${suffix}`;
const nextcloud = `uid=nextcloud,ou=services,${suffix}`;
let people: People;
let access: AccessEngine;

beforeEach(async () => {
  const service = (uid: string) => ({
    objectClass: ['account', 'tenureService', 'simpleSecurityObject'],
    uid,
    userPassword: password,
  });
  d().seed({
    [git]: { ...service('git'), tenureCache: '2h' },
    [nextcloud]: service('nextcloud'),
    [person('ada')]: personValues('ada', { departmentNumber: 'R-210' }),
    [person('mia')]: personValues('mia'),
    [group('staff')]: groupOfNames('staff', person('ada')),
    [group('empty')]: groupOfNames('empty'),
  });
  await ok(d().modify(git, [['add', 'owner', person('mia')]]));
  await ok(d().modify(person('ada'), [['add', 'userPassword', password]]));
  people = peopleOf(d());
  const parts = partsOf(d());
  access = accessEngine({
    ...parts,
    logins: {
      last: async (name) => ({
        dn: name,
        now: new Date(d().clock.nowMs()).toISOString(),
        success: undefined,
        failure: undefined,
        failures: 0,
        state: 'open',
        until: undefined,
        bypassUntil: undefined,
      }),
      unlock: () => Promise.reject(new Error('not here')),
      bypass: () => Promise.reject(new Error('not here')),
    },
    accessMap: defaultConfig.accessMap,
    turn: async () => undefined,
  });
});

async function boundAs(dn: string): Promise<WireClient> {
  const client = await served().connect();
  expect(await client.code(bindOp(dn, password))).toBe(0);
  return client;
}

async function logInThrough(...apps: readonly string[]): Promise<void> {
  for (const app of apps) {
    const client = await boundAs(app);
    expect(await client.code(searchOp(suffix, 'uid', 'ada'))).toBe(0);
    expect(await client.code(bindOp(person('ada'), password))).toBe(0);
  }
}

const rowsOf = async (kind: ReportKind, days = 45) => (await access.report({ kind, days })).rows;

test('by person and by application, with what has not reached the disk yet', async () => {
  await logInThrough(git, git, nextcloud);
  const seen = await access.seen({ name: 'ada' });
  const ways = seen.rows.map(({ consumer, method, count }) => `${consumer} ${method} ${count}`);
  expect(ways.sort()).toEqual([
    'git lookup 2',
    'git password 2',
    'nextcloud lookup 1',
    'nextcloud password 1',
  ]);
  expect(seen.kept).toEqual({ enabled: true, days: 90, purpose: expect.any(String) });
  expect(seen.goneBy.map(({ at }) => at)).toEqual([undefined, undefined]);
  const through = await access.through({ service: 'git' });
  expect(through).toMatchObject({
    people: [{ login: 'ada', count: 4, state: 'active' }],
    more: false,
    cache: { seconds: 7_200, because: 'set on its account' },
  });
});

describe('somebody leaves', () => {
  beforeEach(async () => {
    await logInThrough(git, nextcloud);
    await people.say({ verb: 'offboard', name: 'ada', when: 'now' });
  });

  test('the case says when each application has to have asked again, and who still asks', async () => {
    const client = await boundAs(git);
    expect(await client.code(searchOp(suffix, 'uid', 'ada'))).toBe(0);
    await d().guard.flush();
    const one = await casesEngine(partsOf(d())).show({ name: 'ada' });
    const left = Date.parse(one.leaves!);
    const gone = new Map(one.seen!.map((each) => [each.consumer, each]));
    expect(gone.get('git')).toMatchObject({
      at: new Date(left + 2 * HOUR).toISOString(),
      asked: { count: 1 },
    });
    expect(gone.get('nextcloud')).toMatchObject({
      at: new Date(left + 600_000).toISOString(),
      because: 'Nextcloud: ldapCacheTTL, by the name of its account',
    });
    expect(gone.get('nextcloud')!.asked).toBeUndefined();
  });

  test('a proof holds what may go by a cache, and is no trace of an application itself', async () => {
    await d().guard.flush();
    const caches = async () => {
      const { proof } = await prove('ada', proveParts());
      return proof.doors.filter(({ door }) => door === 'cache').map(({ as, shut }) => [as, shut]);
    };
    expect(new Map((await caches()) as [string, boolean][])).toEqual(
      new Map([
        ['git', false],
        ['nextcloud', false],
      ]),
    );
    served().advance(HOUR);
    expect(await caches()).toContainEqual(['nextcloud', true]);
    served().advance(HOUR + 1_000);
    expect((await caches()).every(([, shut]) => shut === true)).toBe(true);
    const { rows } = await access.seen({ name: 'ada' });
    expect(rows.some(({ method }) => method === 'asked' || method === 'refused')).toBe(false);
  });
});

function proveParts(): ProveParts {
  const { reader, half, directory } = d();
  const random = seededRandom(11);
  return {
    ...partsOf(d()),
    // As the administration asks.
    origin: { address: 'control', connection: 0, confidential: true },
    box: () => half.box(),
    random: () => random,
    directory,
    sessionsOf: (id) => served().sessionsOf(id),
    logEnd: () => reader.logEnd(),
  };
}

test('keys that are read are a trace of their owner, and being looked for is none', async () => {
  const seen = () =>
    personOf(d().reader.entry(d().names.idOf(person('mia')))!, d().reader).lastSeen;
  const client = await boundAs(git);
  expect(await client.code(searchOp(suffix, 'uid', 'mia'))).toBe(0);
  await d().guard.flush();
  expect(seen()).toBeUndefined();
  const keys = { ...searchOp(suffix, 'uid', 'mia'), attributes: ['sshPublicKey'] };
  // Whoever tries her name at a host proves nothing about her while she has no key.
  expect(await client.code(keys)).toBe(0);
  await d().guard.flush();
  expect(seen()).toBeUndefined();
  // Nor by one that has expired, and is shown to nobody.
  const expired = `expiry-time="20260107" ${ed25519('mia')}`;
  await ok(
    d().modify(person('mia'), [
      ['add', 'objectClass', 'ldapPublicKey'],
      ['add', 'sshPublicKey', expired],
    ]),
  );
  served().advance(3 * 86_400_000);
  expect(await client.code(keys)).toBe(0);
  await d().guard.flush();
  expect(seen()).toBeUndefined();
  await ok(d().modify(person('mia'), [['replace', 'sshPublicKey', ed25519('mia')]]));
  expect(await client.code(keys)).toBe(0);
  await d().guard.flush();
  expect(seen()).toBe(Math.floor(d().clock.nowMs() / 1000));
});

describe('reports', () => {
  test('who was seen before and is idle, and who never was', async () => {
    await logInThrough(git);
    expect(await rowsOf('idle')).toEqual([]);
    expect((await rowsOf('never-seen')).map(([, login]) => login)).toEqual(['mia']);
    served().advance(46 * DAY);
    expect((await rowsOf('idle')).map(([, ...rest]) => rest)).toEqual([['ada', 'R-210']]);
    expect(await rowsOf('idle', 60)).toEqual([]);
  });

  test('who leaves soon', async () => {
    await people.say({ verb: 'offboard', name: 'ada', when: { at: '2026-01-20' } });
    expect((await rowsOf('expiring', 30)).map(([, login]) => login)).toEqual(['ada']);
    expect(await rowsOf('expiring', 3)).toEqual([]);
  });

  test('who is shut out, and who has a password alone', async () => {
    expect(await rowsOf('locked')).toEqual([]);
    expect(await rowsOf('no-second-factor')).toEqual([['ada', 'R-210']]);
    await people.say({ verb: 'suspend', name: 'ada', kind: 'security' });
    expect(await rowsOf('locked')).toEqual([['ada', 'suspended', '']]);
    expect(await rowsOf('no-second-factor')).toEqual([]);
  });

  test('services without use or owner, groups of nobody', async () => {
    await boundAs(git);
    expect(await rowsOf('services')).toEqual([
      ['nextcloud', '', 'never', 'has no owner, never used'],
    ]);
    await people.say({ verb: 'offboard', name: 'mia', when: 'now' });
    expect((await rowsOf('services')).map(([name, , , what]) => [name, what])).toEqual([
      ['git', 'owner is offboarded'],
      ['nextcloud', 'has no owner, never used'],
    ]);
    expect(await rowsOf('groups')).toEqual([['empty', '0', 'names nobody']]);
  });
});
