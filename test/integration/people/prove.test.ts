/** A proof: every door as its client finds it, before and after, signed, and worthless when altered. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { checkProof, fingerprintOf, type Proof } from '../../../src/admin/proof.js';
import { type ProveParts, prove } from '../../../src/compose/people/index.js';
import { encodeNtSecret, ntHash } from '../../../src/credentials/index.js';
import { bytesOf } from '../../../src/directory/model/bytes.js';
import { ok } from '../../support/directory-expect.js';
import { seededRandom } from '../../support/directory-fakes.js';
import { accountValues, group, groupOfNames, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { type People, partsOf, peopleOf } from '../../support/people-engine.js';
import { eachServed } from '../../support/served-directory.js';

const ada = person('ada');
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBGflRNbmi+JI1K5oWkfeWFqqRoXCpkdnNhok0cLuaE4 ada';
const served = eachServed();
const d = () => served().directory;
const random = seededRandom(11);
let people: People;

beforeEach(async () => {
  d().seed({
    [ada]: accountValues('ada', {
      objectClass: ['inetOrgPerson', 'posixAccount', 'ldapPublicKey'],
      sshPublicKey: key,
      userPassword: 'pass',
    }),
    [person('ada-admin')]: accountValues('ada-admin', {
      objectClass: ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'],
      lifecyclePrincipal: ada,
    }),
    [group('staff')]: groupOfNames('staff', ada),
    [`uid=git,ou=services,${suffix}`]: { objectClass: 'account', uid: 'git' },
    [`uid=radius,ou=services,${suffix}`]: {
      objectClass: ['account', 'tenureService'],
      uid: 'radius',
      tenureRole: 'radius',
    },
    [`cn=web1,ou=hosts,${suffix}`]: { objectClass: 'device', cn: 'web1' },
    [`ou=sudoers,${suffix}`]: { objectClass: 'organizationalUnit', ou: 'sudoers' },
    [`cn=restart,ou=sudoers,${suffix}`]: {
      objectClass: 'sudoRole',
      cn: 'restart',
      sudoUser: 'ada',
      sudoHost: 'ALL',
      sudoCommand: 'ALL',
    },
  });
  const value = bytesOf(encodeNtSecret({ hash: ntHash('wifi'), madeMs: d().clock.nowMs() }));
  const owner = d().names.idOf(ada);
  const base = {
    op: 'credentials',
    context: d().admin,
    reason: 'wifi',
    owner,
    remove: [],
  } as const;
  await ok(Promise.resolve(d().apply([{ ...base, add: [{ kind: 'wifiHash', value }] }])[0]!));
  people = peopleOf(d());
});

function parts(): ProveParts {
  const { reader, half } = d();
  return {
    ...partsOf(d()),
    box: () => half.box(),
    random: () => random,
    directory: d().directory,
    sessionsOf: (id) => served().sessionsOf(id),
    logEnd: () => reader.logEnd(),
  };
}

const open = ({ proof }: Proof) =>
  proof.doors
    .filter(({ shut }) => !shut)
    .map(({ door, as }) => (as === '' ? door : `${door} of ${as}`));

test('of somebody who is here: everything that opens is named', async () => {
  const client = await served().connect();
  expect(await client.bind(ada, 'pass')).toBe(0);
  const made = await prove('ada', parts());
  expect(open(made)).toEqual([
    'bind',
    'login by password',
    'sessions',
    'account ada-admin',
    'login of git',
    'account of git',
    'SSH keys of git',
    'groups of git',
    'login of radius',
    'account of radius',
    'SSH keys of radius',
    'groups of radius',
    'Wi-Fi hash of radius',
    'account of web1',
    'SSH keys of web1',
    'groups of web1',
    'sudo of web1',
  ]);
});

test('of somebody who has left: all is shut in the second, sessions included', async () => {
  const client = await served().connect();
  expect(await client.bind(ada, 'pass')).toBe(0);
  const before = await prove('ada', parts());
  await people.say({ verb: 'offboard', name: 'ada', when: { at: '17:00' } });
  served().advance(8 * 3_600_000 - 1_000);
  expect(open(await prove('ada', parts()))).toEqual(open(before));
  served().advance(1_000);
  const made = await prove('ada', parts());
  expect(open(made)).toEqual([]);
  expect(made.proof.doors).toHaveLength(before.proof.doors.length);
  expect(made.proof).toMatchObject({ login: 'ada', state: 'offboarded', waits: [] });
  const said = made.proof.doors.filter(({ door }) => door === 'account').map(({ saw }) => saw);
  expect(said).toEqual(['not found', 'not found', 'shown as disabled']);
});

test('a service that somebody on leave keeps is a door that stands ajar', async () => {
  const tenurePolicyText =
    'tenure: 1\nkinds: {all: {who: everyone, journeys: [leave]}}\n' +
    'journeys: {leave: {at leave: [pause, keep git], at return: resume}}\n';
  const values = { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText };
  await ok(d().add(`cn=policy,${suffix}`, values));
  await people.say({ verb: 'pause', name: 'ada', kind: 'parental', from: 'now' });
  const made = await prove('ada', parts());
  expect(open(made)).toContain('login of git');
  expect(open(made)).not.toContain('login of radius');
  expect(await served().bind(ada, 'pass')).toBe(49);
});

test('what waits for somebody is told with it', async () => {
  await ok(d().modify(group('staff'), [['add', 'owner', ada]]));
  await people.say({ verb: 'offboard', name: 'ada', when: 'now' });
  const { proof } = await prove('ada', parts());
  expect(proof.waits).toEqual(['staff needs an owner in place of ada (admins)']);
});

describe('the signature', () => {
  test('is that of one key, sealed, and checked without the directory', async () => {
    const one = await prove('ada', parts());
    const two = await prove('ada-admin', parts());
    expect(two.key).toBe(one.key);
    const checked = checkProof(JSON.stringify(one), 'proof.json');
    expect(checked).toEqual({ proof: one.proof, fingerprint: fingerprintOf(one.key) });
    expect(checked.fingerprint).toMatch(/^SHA256:[\w+/]{43}$/);
    const kept = d().sql("SELECT count(*) FROM secret WHERE kind = 'proofKey'");
    expect(kept).toEqual([[1]]);
  });

  test('is broken by every change, and what is no proof is said to be none', async () => {
    const made = await prove('ada', parts());
    const altered = (change: (proof: Proof) => unknown) => {
      const copy = JSON.parse(JSON.stringify(made)) as Proof;
      change(copy);
      return () => checkProof(JSON.stringify(copy), 'proof.json');
    };
    const changes: readonly ((proof: Proof) => unknown)[] = [
      ({ proof }) => Object.assign(proof.doors[0]!, { shut: true }),
      ({ proof }) => Object.assign(proof, { login: 'grace' }),
      ({ proof }) => (proof.doors as unknown[]).pop(),
      (proof) => Object.assign(proof, { signature: 'AAAA' }),
      (proof) => Object.assign(proof, { key: 'AAAA' }),
    ];
    for (const change of changes) {
      expect(altered(change)).toThrow('proof.json was altered after it was signed');
    }
    for (const text of ['', '{}', 'null', '{"key":1}']) {
      expect(() => checkProof(text, 'proof.json')).toThrow('proof.json is no proof');
    }
  });
});
