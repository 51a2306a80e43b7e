/** Nobody gives themselves a right; a run takes away no administrator too many; all of it over LDAP. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { type Change, suffix } from '../../support/directory-requests.js';
import { TestEngine } from '../../support/engine.js';
import { eachServed } from '../../support/served-directory.js';
import { codeOf, modifyOp, searchOp, textOf } from '../../support/wire-client.js';

const [ada, bob, eve] = ['ada', 'bob', 'eve'].map(person) as [string, string, string];
const policyDn = `cn=policy,${suffix}`;
const given = (uid: string, more = {}) =>
  personValues(uid, { userPassword: `secret-of-${uid}`, ...more });
const document = (text: string) => ({
  [policyDn]: { objectClass: 'tenureLifecyclePolicy', cn: 'policy', tenurePolicyText: text },
});

describe('a right for oneself', () => {
  const at = eachDirectory();
  const policy = `tenure: 1
groups: {chiefs: {rule: department is X-1}}
roles:
  hr: {who: group hr, may: move}
  desk: {who: group chiefs, may: reset}
  guard: {who: title is Guard, may: suspend}
`;
  const modify = (whom: string, ...changes: Change[]) =>
    at().modify(whom, changes, undefined, at().user(ada));
  const sentence =
    'nobody gives themselves a right: with this you would have one that you do not have now';

  beforeEach(() => {
    at().seed({ [ada]: given('ada'), [bob]: given('bob') });
    at().seed({
      [group('hr')]: groupOfNames('hr', ada),
      [group('chiefs')]: groupOfNames('chiefs'),
      ...document(policy),
    });
  });

  test('is given by nobody, by an attribute or through a group', async () => {
    for (const change of [
      ['replace', 'title', 'Guard'],
      ['replace', 'departmentNumber', 'X-1'],
      ['add', 'lifecycleEngagement', 'id=1 department=X-1'],
    ] as const) {
      expect(await refused(modify(ada, change), 'insufficientAccessRights')).toBe(sentence);
    }
    await ok(modify(ada, ['replace', 'title', 'Clerk']));
    await ok(modify(bob, ['replace', 'departmentNumber', 'X-1']));
  });
});

describe('a run of the policy', () => {
  const at = eachDirectory();

  test('suspends nobody without whom one administrator would be left: it is asked about', async () => {
    const engine = new TestEngine(at());
    at().seed({ [ada]: given('ada'), [bob]: given('bob') });
    at().seed({ [group('admins')]: groupOfNames('admins', ada) });
    for (const uid of ['ada', 'bob']) await at().bind(person(uid), `secret-of-${uid}`);
    await engine.install(`tenure: 1
kinds: {all: {who: everyone, journeys: idle}}
journeys: {idle: {30 days after last seen: suspend}}
roles: {administrator: {who: group admins}}
`);
    await engine.advance(40 * 86_400);
    const state = (dn: string) => at().entry(dn).texts('lifecycleState')[0] ?? 'active';
    expect([state(ada), state(bob)]).toEqual(['active', 'suspended']);
    expect(engine.runs.flatMap(({ failed }) => failed.map(({ error }) => error))).toEqual([
      expect.stringMatching(/^"cn=admin,.* would be the only administrator .*"uid=ada,.*suspended/),
    ]);
  });
});

describe('over LDAP', () => {
  const served = eachServed();
  const d = () => served().directory;
  const [OK, INSUFFICIENT, UNWILLING] = [0, 50, 53];

  beforeEach(() => {
    d().seed({ [ada]: given('ada'), [bob]: given('bob'), [eve]: given('eve') });
    d().seed({
      [group('admins')]: groupOfNames('admins', ada),
      [group('desk')]: groupOfNames('desk', bob),
      ...document(`tenure: 1
roles: {administrator: {who: group admins}, help desk: {who: group desk}}
`),
    });
  });

  const as = async (uid: string) => {
    const client = await served().connect();
    expect(await client.bind(person(uid), `secret-of-${uid}`)).toBe(OK);
    return client;
  };

  test('roles, refusals and sentences come through', async () => {
    const [admin, desk] = [await as('ada'), await as('bob')];
    expect(await admin.code(modifyOp(eve, 'title', 'Chief'))).toBe(OK);
    expect(await desk.code(modifyOp(eve, 'title', 'Chief'))).toBe(INSUFFICIENT);
    expect(await desk.code(modifyOp(eve, 'userPassword', 'another-long-secret-5'))).toBe(OK);
    const taken = await desk.ask(modifyOp(ada, 'userPassword', 'another-long-secret-5'));
    expect([codeOf(taken), textOf(taken)]).toEqual([
      INSUFFICIENT,
      `${bob} may change its own password and SSH keys and nothing else`,
    ]);
    const lost = await admin.ask(modifyOp(ada, 'lifecycleState', 'suspended'));
    expect([codeOf(lost), textOf(lost)]).toEqual([
      UNWILLING,
      `"cn=admin,${suffix}" would be the only administrator who can log in, "${ada}" (suspended) ` +
        'would be lost, and two always stay. Make another one first',
    ]);
    expect(await admin.code(searchOp(suffix))).toBe(OK);
  });
});
