/** The access map: who came in through what, who was looked up, and who asks for those who have left. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Access } from '../../../src/directory/model/access.js';
import { ok, refused } from '../../support/directory-expect.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { eachServed } from '../../support/served-directory.js';
import { ed25519 } from '../../support/ssh-keys.js';
import { bindOp, searchOp, type WireClient } from '../../support/wire-client.js';

const DAY = 86_400_000;
const served = eachServed({ accessMap: {} });
const d = () => served().directory;
const services = `ou=services,${suffix}`;
const git = `uid=git,${services}`;
const wiki = `uid=wiki,${services}`;
const web1 = `cn=web1,ou=hosts,${suffix}`;
const password = 'right horse';

beforeEach(async () => {
  const subject = ['inetOrgPerson', 'lifecycleSubject'];
  d().seed({
    [git]: { objectClass: ['account', 'simpleSecurityObject'], uid: 'git', userPassword: password },
    [wiki]: {
      objectClass: ['account', 'tenureService', 'simpleSecurityObject'],
      uid: 'wiki',
      userPassword: password,
      owner: person('mia'),
    },
    [web1]: { objectClass: ['device', 'ipHost'], cn: 'web1', ipHostNumber: '192.0.2.1' },
    [person('mia')]: personValues('mia', { mail: 'mia@example.com' }),
    [person('ada')]: personValues('ada', { mail: 'ada@example.com' }),
    [person('lou')]: personValues('lou', {
      objectClass: subject,
      lifecycleEngagement: 'id=1 start=2020-01-01 end=2026-01-05T08:00',
    }),
    [group('staff')]: groupOfNames('staff', person('lou')),
  });
  for (const dn of [person('ada'), person('lou'), person('mia')]) {
    await ok(d().modify(dn, [['add', 'userPassword', password]]));
  }
});

const idOf = (dn: string) => d().names.idOf(dn);

/** Rows of somebody on the disk: consumer by relative name, way, count. */
async function rowsOf(uid: string): Promise<string[]> {
  await d().guard.flush();
  const rows = d().reader.observed.access.of(idOf(person(uid)), d().guard.accessSinceMs);
  return rows.map(said).sort();
}

function said({ consumer, address, method, count }: Access): string {
  const name = consumer === 0 ? '-' : d().reader.entry(consumer)!.rdn;
  return `${name} ${address} ${method} ${count}`;
}

async function boundAs(dn: string): Promise<WireClient> {
  const client = await served().connect();
  expect(await client.code(bindOp(dn, password))).toBe(0);
  return client;
}

const find = (uid: string) => searchOp(suffix, 'uid', uid);
const messages = () =>
  d()
    .reader.records.messages(0, 100)
    .map(({ to, subject }) => `${to}: ${subject}`);

test('a login through a service that was bound before on the connection is through it', async () => {
  const client = await boundAs(git);
  expect(await client.code(find('ada'))).toBe(0);
  expect(await client.code(bindOp(person('ada'), password))).toBe(0);
  expect(await client.code(bindOp(person('ada'), password))).toBe(0);
  expect(await rowsOf('ada')).toEqual([
    'uid=git 127.0.0.1 lookup 1',
    'uid=git 127.0.0.1 password 2',
  ]);
});

test('a login on another connection follows from the lookup, while that is fresh', async () => {
  const client = await boundAs(git);
  expect(await client.code(find('ada'))).toBe(0);
  expect(await served().bind(person('ada'), password)).toBe(0);
  served().advance(d().limits.lookupToLoginMs + 1);
  expect(await served().bind(person('ada'), password)).toBe(0);
  expect(await rowsOf('ada')).toEqual([
    '- 127.0.0.1 password 1',
    'uid=git 127.0.0.1 lookup 1',
    'uid=git 127.0.0.1 password 1',
  ]);
});

test('a search for one person counts, and one for many, for oneself, by a person or wrong does not', async () => {
  const client = await boundAs(git);
  const or = (...filters: ReturnType<typeof find>['filter'][]) =>
    ({ ...find('x'), filter: { kind: 'or', filters } }) as const;
  expect(await client.code(searchOp(suffix, 'objectClass'))).toBe(0);
  expect(await client.code(searchOp(suffix, 'sn', 'tester'))).toBe(0);
  expect(await client.code(or(find('ada').filter, find('mia').filter))).toBe(0);
  expect(await client.code(find('git'))).toBe(0);
  expect(await (await boundAs(person('mia'))).code(find('ada'))).toBe(0);
  expect(await rowsOf('ada')).toEqual([]);
  expect(await rowsOf('mia')).toEqual(['- 127.0.0.1 password 1']);
  expect(await client.code(or(find('ada').filter, searchOp('', 'mail', 'ada').filter))).toBe(0);
  expect(await client.code({ ...searchOp(person('ada')), scope: 0 })).toBe(0);
  const keys = { ...find('ada'), attributes: ['sshPublicKey'] };
  const holder = [
    ['add', 'objectClass', 'ldapPublicKey'],
    ['add', 'sshPublicKey', ed25519('ada')],
  ] as const;
  await ok(d().modify(person('ada'), holder));
  expect(await client.code(keys)).toBe(0);
  expect(await rowsOf('ada')).toEqual(['uid=git 127.0.0.1 keys 1', 'uid=git 127.0.0.1 lookup 2']);
});

test('a map is not filled by names that nobody has, nor by wrong passwords', async () => {
  const client = await boundAs(git);
  for (let i = 0; i < 500; i += 1) {
    client.send(find(`invented-${i}`));
    client.send(bindOp(person(`invented-${i}`), 'x'));
  }
  expect(await client.code(bindOp(person('ada'), 'wrong'))).toBe(49);
  await d().guard.flush();
  expect(d().sql('SELECT count(*) FROM access_map')).toEqual([[0]]);
});

test('rows of one person are bounded: the one seen longest ago gives way', async () => {
  const most = d().limits.accessRowsPerPersonMax;
  for (let i = 0; i < most + 10; i += 1) {
    d().clock.advance(1_000);
    d().guard.accessed(idOf(person('ada')), 0, `192.0.2.${i}`, 'password');
  }
  const rows = await rowsOf('ada');
  expect(rows).toHaveLength(most);
  expect(rows).not.toContain('- 192.0.2.9 password 1');
  expect(rows).toContain(`- 192.0.2.${most + 9} password 1`);
});

test('what is older than it is kept is shown to nobody, and swept with what comes', async () => {
  expect(await served().bind(person('ada'), password)).toBe(0);
  expect(await rowsOf('ada')).toHaveLength(1);
  d().clock.advance(91 * DAY);
  expect(await rowsOf('ada')).toEqual([]);
  expect(d().sql('SELECT count(*) FROM access_map')).toEqual([[1]]);
  expect(await served().bind(person('mia'), password)).toBe(0);
  expect(await rowsOf('mia')).toHaveLength(1);
  expect(d().sql('SELECT count(*) FROM access_map')).toEqual([[1]]);
});

test('it goes with the person, and moves neither log nor time stamp', async () => {
  const before = d().reader.entry(idOf(person('ada')))!;
  const { seq } = d().reader.logEnd();
  expect(await served().bind(person('ada'), password)).toBe(0);
  expect(await rowsOf('ada')).toHaveLength(1);
  expect(d().reader.entry(idOf(person('ada')))!.csn).toBe(before.csn);
  expect(d().reader.logEnd().seq).toBe(seq);
  await ok(d().delete(person('ada')));
  expect(d().sql('SELECT count(*) FROM access_map')).toEqual([[0]]);
});

test('a login that was seen a moment before its person went leaves nothing', async () => {
  expect(await served().bind(person('ada'), password)).toBe(0);
  await ok(d().delete(person('ada')));
  await d().guard.flush();
  expect(d().sql('SELECT count(*) FROM access_map')).toEqual([[0]]);
});

describe('somebody hears of it', () => {
  test('a first login through another application is told to the person, once', async () => {
    for (const app of [git, git, wiki, wiki, git]) {
      const client = await boundAs(app);
      expect(await client.code(bindOp(person('ada'), password))).toBe(0);
      await d().guard.flush();
    }
    // Another address of an application that is known is no other application.
    d().guard.accessed(idOf(person('ada')), idOf(wiki), '192.0.2.9', 'password');
    await d().guard.flush();
    expect(messages()).toEqual(['ada@example.com: first login through wiki']);
  });

  test('whoever answers for an application that asks for a leaver, once a day', async () => {
    served().advance(0);
    expect(await d().guard.flush()).toBe(true);
    const client = await boundAs(wiki);
    for (let i = 0; i < 3; i += 1) {
      expect(await client.code(find('lou'))).toBe(0);
      expect(await client.code(bindOp(person('lou'), password))).toBe(49);
      expect(await client.code(bindOp(wiki, password))).toBe(0);
      await d().guard.flush();
    }
    const told = 'mia@example.com: wiki still asks for lou, who has left';
    expect(messages()).toEqual([told]);
    expect(await rowsOf('lou')).toEqual([
      'uid=wiki 127.0.0.1 asked 3',
      'uid=wiki 127.0.0.1 refused 3',
    ]);
    served().advance(DAY);
    expect(await client.code(find('lou'))).toBe(0);
    await d().guard.flush();
    expect(messages()).toEqual([told, told]);
  });

  test('a filter that a leaver does not fit any more still says who is meant', async () => {
    const client = await boundAs(git);
    const inStaff = {
      kind: 'equality',
      attribute: 'memberOf',
      value: Buffer.from(group('staff')),
    } as const;
    const filter = { kind: 'and', filters: [find('lou').filter, inStaff] } as const;
    expect(await client.code({ ...find('lou'), filter })).toBe(0);
    expect(await rowsOf('lou')).toEqual(['uid=git 127.0.0.1 asked 1']);
  });
});

describe('my logins', () => {
  const own = (as: string, uid: string, filter = '(objectClass=*)') =>
    d()
      .search(filter, {
        base: person(uid),
        scope: 'base',
        attributes: ['tenureAccess'],
        as: d().user(as),
      })
      .entries[0]?.texts('tenureAccess') ?? [];

  test('are read by the person, by the administrator and by nobody else', async () => {
    expect(await served().bind(person('ada'), password)).toBe(0);
    await d().guard.flush();
    const mine = own(person('ada'), 'ada');
    expect(mine).toHaveLength(1);
    expect(mine![0]).toMatch(
      /^first=\d{14}Z last=\d{14}Z count=1 by="password" from=127\.0\.0\.1$/,
    );
    expect(own(person('mia'), 'ada')).toEqual([]);
    expect(own(git, 'ada')).toEqual([]);
    expect(own(person('mia'), 'ada', '(tenureAccess=*)')).toEqual([]);
    await refused(
      d().modify(person('ada'), [['replace', 'tenureAccess', 'x']]),
      'constraintViolation',
    );
  });
});

test('a cache is a known program or a time', async () => {
  for (const good of ['sssd', 'Nextcloud', '90m', '600 s', 'none']) {
    await ok(d().modify(git, [['replace', 'tenureCache', good]]));
  }
  for (const bad of ['soon', '-5m', '9999999d', '5 weeks']) {
    const change = d().modify(git, [['replace', 'tenureCache', bad]]);
    expect(await refused(change, 'constraintViolation')).toContain('sssd');
  }
});

describe('switched off', () => {
  const off = eachServed({ accessMap: { enabled: false } });

  test('nothing is kept and nothing is shown', async () => {
    const quiet = off().directory;
    quiet.seed({ [person('ida')]: personValues('ida') });
    await ok(quiet.modify(person('ida'), [['add', 'userPassword', password]]));
    expect(await off().bind(person('ida'), password)).toBe(0);
    await quiet.guard.flush();
    expect(quiet.sql('SELECT count(*) FROM access_map')).toEqual([[0]]);
    expect(quiet.seen.every(({ access }) => access === undefined)).toBe(true);
  });
});
