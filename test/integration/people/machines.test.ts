/** Hosts and devices by the administration's verbs. */
import { beforeEach, expect, test } from '@jest/globals';
import type { MachinesEngine } from '../../../src/admin/machines.js';
import { casesEngine, machinesEngine, whyPerson } from '../../../src/compose/people/index.js';
import { seededRandom } from '../../support/directory-fakes.js';
import { accountValues, group, groupOfNames, person } from '../../support/directory-people.js';
import { suffix } from '../../support/directory-requests.js';
import { partsOf, peopleOf } from '../../support/people-engine.js';
import { eachServed } from '../../support/served-directory.js';
import { bindOp } from '../../support/wire-client.js';

const served = eachServed();
const d = () => served().directory;
let engine: MachinesEngine;
const machines = () => engine;
const said = { by: 'tester', because: '' };
const web1 = { name: 'web1', aliases: ['web1.example.com'], services: [], addresses: [], ...said };

beforeEach(() => {
  const random = seededRandom(3);
  engine = machinesEngine({ ...partsOf(d()), random: () => random });
  d().seed({
    [person('ada')]: accountValues('ada', {
      objectClass: ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'],
      lifecycleEngagement: 'id=1 start=2025-01-01',
      userPassword: 'pass',
    }),
    [person('ben')]: accountValues('ben', { userPassword: 'pass' }),
    [group('dev')]: groupOfNames('dev', person('ada')),
    [`ou=sudo,${suffix}`]: { objectClass: 'organizationalUnit', ou: 'sudo' },
    [`cn=admins,ou=sudo,${suffix}`]: {
      objectClass: 'sudoRole',
      cn: 'admins',
      sudoHost: 'web1.example.com',
      sudoUser: '%dev',
    },
  });
});

/** Result codes of a bind as the host, and then as each of them. */
async function through(password: string, ...uids: string[]): Promise<number[]> {
  const codes: number[] = [];
  for (const uid of uids) {
    const client = await served().connect();
    const own = await client.code(bindOp(`cn=web1,ou=hosts,${suffix}`, password));
    codes.push(own === 0 ? await client.code(bindOp(person(uid), 'pass')) : own);
  }
  return codes;
}

test('a host has a password of its own, shown once, and lets its groups in', async () => {
  const made = await machines().addHost({ ...web1, groups: ['dev'], owner: 'ben' });
  expect(made).toMatchObject({ people: ['ada'], groups: ['dev'], sudo: ['admins'], owner: 'ben' });
  expect(await through(made.password, 'ada', 'ben')).toEqual([0, 49]);
  expect(JSON.stringify(await machines().hosts({}))).not.toContain(made.password);
  expect(d().export()).not.toContain(made.password);

  const renewed = await machines().renewHost({ name: 'web1', ...said });
  expect(await through(made.password, 'ada')).toEqual([49]);
  expect(await through(renewed.password, 'ada')).toEqual([0]);

  await d().modify(group('dev'), [['add', 'member', person('ben')]]);
  expect((await machines().hosts({ name: 'WEB1.example.com' })).hosts[0]?.people).toEqual([
    'ada',
    'ben',
  ]);
  await machines().removeHost({ name: 'web1', ...said });
  expect((await machines().hosts({})).hosts).toEqual([]);
});

test('a host and its password are one write: there is none without the other', async () => {
  const before = d().written.length;
  await machines().addHost({ ...web1, groups: ['dev'] });
  expect(
    d()
      .written.slice(before)
      .map(({ op }) => op),
  ).toEqual(['together']);
  const [together] = d().written.slice(before);
  const writes = together!.op === 'together' ? together!.writes : [];
  const last = writes.at(-1)!;
  await machines().removeHost({ name: 'web1', ...said });
  const elsewhere = { ...last, ownerDn: `cn=web2,ou=hosts,${suffix}` } as typeof last;
  const add = writes.find((write) => write.op === 'add' && write.dn.startsWith('cn=web1'))!;
  const [refused] = d().apply([{ ...together!, writes: [add, elsewhere] } as typeof together & {}]);
  expect(refused).toMatchObject({ ok: false, error: { code: 'noSuchObject' } });
  expect((await machines().hosts({})).hosts).toEqual([]);
});

test('what cannot be is refused, and nothing is made', async () => {
  const add = (more: object) => machines().addHost({ ...web1, groups: ['dev'], ...more });
  await expect(add({ name: 'web 1' })).rejects.toThrow('is no name');
  await expect(add({ groups: ['nobody'] })).rejects.toThrow('nobody here is called "nobody"');
  await expect(add({ addresses: ['far away'] })).rejects.toThrow();
  await add({});
  await expect(add({})).rejects.toThrow();
  await expect(machines().hosts({ name: 'web2' })).rejects.toThrow(
    'there is no host "web2"; there are: web1',
  );
  await expect(machines().giveDevice({ serial: 'C1', ...said })).rejects.toThrow('there are: none');
});

test('a leaver’s case lists the devices that they were given', async () => {
  const given = { kind: 'laptop', end: '2028-11-30', ...said };
  expect(await machines().addDevice({ serial: 'C02XK', owner: 'ada', ...given })).toMatchObject({
    serial: 'C02XK',
    owner: 'ada',
    state: 'active',
  });
  await machines().addDevice({ serial: 'K7', owner: 'ada', kind: 'key', ...said });
  await peopleOf(d()).say({ verb: 'offboard', name: 'ada', when: 'now' });
  const texts = async () =>
    (await casesEngine(partsOf(d())).show({ name: 'ada' })).items.map(({ text }) => text);
  expect(await texts()).toEqual(
    expect.arrayContaining(['ada gives back laptop C02XK', 'ada gives back key K7']),
  );
  await machines().giveDevice({ serial: 'C02XK', owner: 'ben', ...said });
  await machines().giveDevice({ serial: 'K7', ...said });
  expect((await texts()).filter((text) => text.includes('gives back'))).toEqual([]);
  expect((await machines().devices({ owner: 'ben' })).devices).toMatchObject([{ serial: 'C02XK' }]);
  expect((await machines().devices({})).devices.map(({ owner }) => owner)).toEqual([
    'ben',
    undefined,
  ]);
});

test('why says of a host what a bind through it does', async () => {
  await machines().addHost({ ...web1, groups: ['dev'] });
  const why = (name: string) =>
    whyPerson({ name, service: 'web1' }, { ...partsOf(d()), box: () => d().half.box() });
  expect(why('ada').can).toBe(true);
  expect(why('ben')).toMatchObject({
    can: false,
    verdict: 'may not log in to web1: in none of its groups',
  });
});
