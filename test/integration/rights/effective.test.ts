/**
 * Get effective rights: the letters over the wire, who may ask about whom, what is not told; and the
 * letters held against writes, reads and comparisons that are tried.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { effectiveRightsOid as oid } from '../../../src/ldap/protocol/index.js';
import {
  accountValues,
  group,
  groupOfNames,
  people,
  person,
} from '../../support/directory-people.js';
import { adminPassword, requestOf, suffix, type Values } from '../../support/directory-requests.js';
import { factsOfState } from '../../support/lifecycle-people.js';
import { eachServed } from '../../support/served-directory.js';
import { bindOp, codeOf, compareOp, searchOp, textOf } from '../../support/wire-client.js';

const served = eachServed();
const d = () => served().directory;
const names = ['ada', 'bob', 'eve', 'hal', 'mia'];
const [ada, bob, eve, hal, mia] = names.map(person) as [string, string, string, string, string];
const max = person('max');
const labs = `ou=labs,${suffix}`;
const bench = `cn=bench,${labs}`;
const app = `uid=portal,ou=services,${suffix}`;
const admin = () => d().admin.identity.dn;

const policy = `tenure: 1
roles:
  administrator: {who: group admins}
  auditor: {who: group watchers, may: audit}
  hr: {who: group hr, may: [offboard, join], over: below ou=people}
  help desk: {who: group desk, may: [reset, unlock], over: below ou=people}
access:
  all: {who: anyone who has bound, may: read, what: not title is Hidden}
  own phone: {who: self, may: write, attributes: [mobile, homePhone]}
  phones: {who: group desk, may: write, what: below ou=people, attributes: [telephoneNumber, sshPublicKey]}
  found: {who: group desk, may: search, attributes: homePhone}
  labs: {who: group desk, may: [write, add, delete, rename], what: below ou=labs, attributes: [cn, sn, description]}
`;

beforeEach(() => {
  const given = (uid: string, more: Values = {}) =>
    accountValues(uid, { userPassword: 'pass', ...more });
  d().seed({
    ...Object.fromEntries(names.map((uid) => [person(uid), given(uid)])),
    [person('sly')]: given('sly', { title: 'Hidden' }),
    [max]: given('max', {
      objectClass: ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'],
      ...factsOfState.suspended,
    }),
    [labs]: { objectClass: 'organizationalUnit', ou: 'labs' },
    [bench]: { objectClass: 'person', cn: 'bench', sn: 'bench' },
    [group('desk')]: groupOfNames('desk', ada),
    [group('watchers')]: groupOfNames('watchers', eve),
    [group('hr')]: groupOfNames('hr', mia),
    [group('admins')]: groupOfNames('admins', hal),
    [app]: {
      objectClass: ['account', 'simpleSecurityObject'],
      uid: 'portal',
      userPassword: 'pass',
      tenureProxyFor: bob,
    },
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    },
  });
});

const control = (value: Buffer | string | undefined, critical = true) => ({
  oid,
  critical,
  value: typeof value === 'string' ? Buffer.from(value) : value,
});

interface Rights {
  readonly code: number;
  readonly text: string;
  readonly entry: string | undefined;
  /** By attribute. */
  readonly of: Readonly<Record<string, string>>;
}

async function client(as: string, password = as === admin() ? adminPassword : 'pass') {
  const one = await served().connect();
  expect(await one.code(bindOp(as, password))).toBe(0);
  return one;
}

async function rights(
  as: string,
  target: string,
  attributes: readonly string[] = [],
  value: Buffer | string | undefined = undefined,
): Promise<Rights> {
  const one = await client(as);
  const id = one.send({ ...searchOp(target), scope: 0, attributes }, [control(value)]);
  const answer = await one.answer(id);
  const found = one.entries(id)[0]?.op;
  const values = new Map<string, string>();
  if (found?.kind === 'searchEntry') {
    for (const { description, values: given } of found.attributes) {
      values.set(description, given.map(String).join('|'));
    }
  }
  const parts = (values.get('attributeLevelRights') ?? '')
    .split(', ')
    .filter((part) => part !== '');
  return {
    code: codeOf(answer),
    text: textOf(answer),
    entry: values.get('entryLevelRights'),
    of: Object.fromEntries(parts.map((part) => part.split(':') as [string, string])),
  };
}

describe('the letters', () => {
  test('of an administrator', async () => {
    const asked = ['cn', 'userPassword', 'entryUUID', 'noSuchThing', 'no, such: thing'];
    const all = await rights(admin(), bob, asked);
    expect(Object.keys(all.of)).toHaveLength(4);
    expect(all).toMatchObject({
      entry: 'vadn',
      of: { cn: 'rscwo', userPassword: 'wo', entryUUID: 'rsc', noSuchThing: 'none' },
    });
    expect((await rights(admin(), suffix)).entry).toBe('va');
    expect((await rights(hal, admin())).entry).toBe('van');
  });

  test('of rules and roles', async () => {
    const asked = ['telephoneNumber', 'userPassword', 'mobile', 'homePhone', 'lifecycleEnd'];
    expect(await rights(ada, bob, asked)).toMatchObject({
      entry: 'v',
      of: {
        telephoneNumber: 'rscwo',
        userPassword: 'wo',
        mobile: 'rsc',
        homePhone: 's',
        lifecycleEnd: 'rsc',
      },
    });
    const hers = await rights(mia, bob, ['lifecycleEnd', 'pwdAccountLockedTime', 'memberOf']);
    expect(hers.of).toEqual({
      lifecycleEnd: 'rscw',
      pwdAccountLockedTime: 'rsc',
      memberOf: 'rsc',
    });
    const desk = await rights(ada, bob, ['pwdAccountLockedTime']);
    expect(desk.of).toEqual({ pwdAccountLockedTime: 'rsco' });
  });

  test('of the own record', async () => {
    const asked = ['userPassword', 'sshPublicKey', 'mobile', 'homePhone', 'title', 'objectClass'];
    expect((await rights(bob, bob, asked)).of).toEqual({
      userPassword: 'wo',
      sshPublicKey: 'rscwo',
      mobile: 'rscwo',
      homePhone: 'wo',
      title: 'rsc',
      objectClass: 'rsc',
    });
  });

  test('where entries may be added: by rules, by a role that lets people join', async () => {
    expect((await rights(ada, labs)).entry).toBe('va');
    expect((await rights(ada, bench)).entry).toBe('vadn');
    expect((await rights(ada, people)).entry).toBe('v');
    expect((await rights(mia, people)).entry).toBe('va');
    expect((await rights(mia, labs)).entry).toBe('v');
    expect((await rights(bob, labs)).entry).toBe('v');
  });

  test('what surpasses somebody is not theirs', async () => {
    const { of } = await rights(ada, mia, ['userPassword', 'sshPublicKey', 'telephoneNumber']);
    expect(of).toEqual({ userPassword: 'none', sshPublicKey: 'rsc', telephoneNumber: 'rscwo' });
  });
});

describe('whose attributes', () => {
  test('without a list those that the entry shows, with * all of its classes', async () => {
    const shown = await rights(bob, eve);
    expect(Object.keys(shown.of)).toContain('cn');
    expect(Object.keys(shown.of)).not.toContain('telephoneNumber');
    const all = await rights(bob, eve, ['*']);
    expect(all.of).toMatchObject({ telephoneNumber: 'rsc', userPassword: 'none' });
    expect((await rights(bob, eve, ['+'])).of).toMatchObject({ entryUUID: 'rsc' });
    expect((await rights(bob, eve, ['@person'])).of).toMatchObject({ seeAlso: 'rsc', sn: 'rsc' });
    expect((await rights(bob, eve, ['1.1'])).of).toEqual({ '*': 'none' });
  });

  test('that there are facts about somebody is not told', async () => {
    const facts = (of: Rights['of']) => Object.keys(of).filter((name) => /^lifecycle/.test(name));
    expect(facts((await rights(bob, max, ['*'])).of)).toEqual([]);
    expect(facts((await rights(admin(), max, ['*'])).of)).toContain('lifecycleBlock');
  });

  test('entries that may not be discovered are not there', async () => {
    expect(await rights(bob, person('sly'))).toMatchObject({ code: 32, entry: undefined });
  });
});

describe('about others', () => {
  test.each([
    ['an administrator', () => hal, ada],
    ['an auditor', () => eve, ada],
    ['an account about those as whom it may ask', () => app, bob],
  ])('%s', async (_who, as, whom) => {
    const asked = await rights(as(), bob, ['telephoneNumber'], `dn:${whom}`);
    expect(asked.code).toBe(0);
    expect(asked.of).toEqual({ telephoneNumber: whom === ada ? 'rscwo' : 'rsc' });
  });

  test.each([
    ['somebody else', ada, `dn:${bob}`],
    ['an account about anybody else', app, `dn:${ada}`],
    ['somebody about an administrator', ada, `dn:${hal}`],
    ['an auditor about whom they may not discover', eve, `dn:${person('sly')}`],
    ['an auditor about nobody', eve, `dn:${person('nobody')}`],
    ['somebody about anonymous clients', ada, 'dn:'],
  ])('not %s, in the same words', async (_who, as, value) => {
    expect(await rights(as, bob, [], value)).toMatchObject({
      code: 123,
      text: 'this account may not ask what that identity may do',
      entry: undefined,
    });
  });

  test('an attribute that whoever asks may not read is left out', async () => {
    const asked = ['homePhone', 'mobile', 'userPassword'];
    expect((await rights(eve, bob, asked, `dn:${bob}`)).of).toEqual({ mobile: 'rscwo' });
    expect((await rights(admin(), bob, asked, `dn:${bob}`)).of).toEqual({
      homePhone: 'wo',
      mobile: 'rscwo',
      userPassword: 'wo',
    });
  });

  test('who has not bound, and who is not active, may do nothing', async () => {
    expect(await rights(admin(), bob, ['cn'], 'dn:')).toMatchObject({
      entry: 'none',
      of: { cn: 'none' },
    });
    expect(await rights(admin(), max, ['userPassword'], `dn:${max}`)).toMatchObject({
      entry: 'none',
      of: { userPassword: 'none' },
    });
  });
});

describe('the control', () => {
  test('takes the name as it is, in an OCTET STRING, or none', async () => {
    const wrapped = Buffer.concat([Buffer.from([4, `dn:${bob}`.length]), Buffer.from(`dn:${bob}`)]);
    for (const value of [undefined, '', `dn:${bob}`, wrapped]) {
      expect((await rights(bob, bob, ['mobile'], value)).of).toEqual({ mobile: 'rscwo' });
    }
    expect((await rights(bob, bob, [], 'bob')).code).toBe(2);
    expect((await rights(bob, bob, [], Buffer.from([4, 200, 1]))).code).toBe(2);
  });

  test('is offered, and nothing is told without it', async () => {
    const one = await client(bob);
    const dse = one.send({ ...searchOp(''), scope: 0, attributes: ['supportedControl'] }, []);
    await one.answer(dse);
    const root = one.entries(dse)[0]!.op;
    const offered = root.kind === 'searchEntry' ? root.attributes[0]!.values.map(String) : [];
    expect(offered).toContain(oid);
    const plain = one.send({ ...searchOp(bob), attributes: ['+'] }, []);
    await one.answer(plain);
    const op = one.entries(plain)[0]!.op;
    const described = op.kind === 'searchEntry' ? op.attributes : [];
    expect(described.map(({ description }) => description)).not.toContain('entryLevelRights');
    expect(await one.code(searchOp(bob, 'entryLevelRights', 'vadn'))).toBe(0);
  });
});

test('a search that is told of rights gives way behind each entry, and goes on', () => {
  const { directory } = d();
  const request = requestOf('(objectClass=*)', { base: people });
  const run = directory.search({ ...request, rightsOf: '' }, d().user(bob));
  const found: string[] = [];
  const sink = ({ dn }: { readonly dn: Buffer }) => found.push(dn.toString()) > 0;
  let pulls = 1;
  while (run.pull(sink, Number.NEGATIVE_INFINITY) !== 'done') pulls += 1;
  expect(run.result?.code).toBe('success');
  expect(found).toHaveLength(7);
  expect(new Set(found).size).toBe(7);
  expect(pulls).toBeGreaterThanOrEqual(7);
});

test('what the letters say is what happens', async () => {
  const attributes = ['telephoneNumber', 'mobile', 'homePhone', 'sshPublicKey', 'description'];
  const values: Readonly<Record<string, string>> = { sshPublicKey: 'no key' };
  let tried = 0;
  for (const as of [ada, bob, mia]) {
    for (const target of [ada, bob, mia, bench]) {
      const { of } = await rights(as, target, attributes);
      const one = await client(as);
      for (const attribute of attributes) {
        const value = values[attribute] ?? '1';
        const write = await d().modify(
          target,
          [['add', attribute, value]],
          undefined,
          d().user(as),
        );
        const refused = !write.ok && write.error.code === 'insufficientAccessRights';
        expect([as, target, attribute, of[attribute]!.includes('w')]).toEqual([
          as,
          target,
          attribute,
          !refused,
        ]);
        const compared = await one.code(compareOp(target, attribute, value));
        expect([as, target, attribute, of[attribute]!.includes('c')]).toEqual([
          as,
          target,
          attribute,
          compared !== 50,
        ]);
        tried += 1;
      }
    }
  }
  expect(tried).toBe(60);
});
