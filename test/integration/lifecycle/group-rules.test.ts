/** What the policy says about groups: who never gets one, and for how long it may be granted. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';
import { grant, grantOf, HOUR } from '../../support/grants.js';

const policyDn = `cn=policy,${suffix}`;
const policy = (text: string): Values => ({
  objectClass: 'tenureLifecyclePolicy',
  cn: 'policy',
  tenurePolicyText: text,
});

const at = eachDirectory();

describe('a group that is granted for hours only, and that interns never get', () => {
  const text = `tenure: 1
words: {type: employeeType}
kinds:
  intern: {who: type is intern, never gets: [prod, payroll]}
  employee: {who: everyone}
groups:
  prod: {members: by hand, longest: 8 hours}
`;

  beforeEach(() => {
    at().seed({
      [person('ada')]: personValues('ada'),
      [person('bob')]: personValues('bob'),
      [person('ian')]: personValues('ian', { employeeType: 'intern' }),
      [group('prod')]: groupOfNames('prod', person('bob')),
      [group('payroll')]: groupOfNames('payroll'),
      [group('staff')]: groupOfNames('staff'),
      [policyDn]: policy(text),
    });
  });

  test('is granted for that long, and no second longer', async () => {
    const d = at();
    const text = await refused(grant(d, 'ada', 'prod', 8 * HOUR + 1), 'unwillingToPerform');
    expect(text).toBe('membership of "prod" is granted for 8 hours at most (policy, line 7)');
    await ok(grant(d, 'ada', 'prod', 8 * HOUR));
    await ok(grant(d, 'ada', 'staff', 90 * HOUR));
  });

  test('takes nobody for good; who is in stays, and a list can be written back', async () => {
    const d = at();
    const add = d.modify(group('prod'), [['add', 'member', person('ada')]]);
    expect(await refused(add, 'unwillingToPerform')).toContain('tenure grant');
    const both = [person('ada'), person('bob')] as const;
    const list = d.modify(group('prod'), [['replace', 'member', ...both]]);
    await refused(list, 'unwillingToPerform');
    await ok(d.modify(group('prod'), [['replace', 'member', person('bob')]]));
    await ok(grant(d, 'ada', 'prod'));
    await ok(d.modify(group('prod'), [['replace', 'member', ...both]]));
    await ok(d.modify(group('prod'), [['delete', 'member', person('bob')]]));
    await refused(
      d.modify(group('prod'), [['add', 'member', person('bob')]]),
      'unwillingToPerform',
    );
  });

  test.each(['prod', 'payroll'])('%s takes no intern, by no way', async (cn) => {
    const d = at();
    const granted = await refused(grant(d, 'ian', cn), 'unwillingToPerform');
    expect(granted).toContain(`is of the kind intern, which never gets "${cn}" (policy, line 4)`);
    const added = d.modify(group(cn), [['add', 'member', person('ian')]]);
    expect(await refused(added, 'unwillingToPerform')).toContain('never gets');
    await ok(d.modify(group('staff'), [['add', 'member', person('ian')]]));
  });

  test('a new group of that name is no way around it', async () => {
    const d = at();
    await ok(d.delete(group('payroll')));
    const again = d.add(group('payroll'), groupOfNames('payroll', person('ian')));
    expect(await refused(again, 'unwillingToPerform')).toContain('never gets');
    await ok(d.add(group('payroll'), groupOfNames('payroll', person('ada'))));
  });
});

describe('a group whose owner is asked', () => {
  const text = `tenure: 1
kinds: {person: {who: everyone}}
groups:
  prod: {members: by hand, longest: 8 hours, ask: group owner}
  root: {ask: admins}
`;
  const open = () => at().reader.records.openDecisions(0, 10);

  beforeEach(() => {
    at().seed({
      [person('ada')]: personValues('ada'),
      [person('bob')]: personValues('bob'),
      [group('prod')]: { ...groupOfNames('prod'), owner: person('bob') },
      [group('root')]: groupOfNames('root'),
      [group('staff')]: { ...groupOfNames('staff'), owner: person('bob') },
      [policyDn]: policy(text),
    });
  });

  const grantAs = (uid: string, cn: string, member = 'ada') => {
    const d = at();
    const value = grantOf(d, member, HOUR);
    const as = d.user(person(uid));
    return d.modify(group(cn), [['add', 'tenureHolder', value]], undefined, as);
  };

  test('its owner grants it, and takes it back; nobody else does, and nothing else of it', async () => {
    const d = at();
    await ok(grantAs('bob', 'prod'));
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual(['prod']);
    const as = d.user(person('bob'));
    await ok(d.modify(group('prod'), [['delete', 'tenureHolder']], undefined, as));
    await refused(grantAs('ada', 'prod'), 'insufficientAccessRights');
    await refused(grantAs('bob', 'staff'), 'insufficientAccessRights');
    const more = [
      ['add', 'tenureHolder', grantOf(d, 'ada', HOUR)],
      ['add', 'description', 'x'],
    ] as const;
    await refused(d.modify(group('prod'), more, undefined, as), 'insufficientAccessRights');
    expect(open()).toEqual([]);
  });

  test('a refusal tells no owner that somebody leaves, unless everybody may know', async () => {
    const d = at();
    const notice = [
      ['add', 'objectClass', 'lifecycleSubject'],
      ['add', 'lifecycleNotice', 'since=2026-01-05'],
    ] as const;
    await ok(d.modify(person('ada'), notice));
    expect(await refused(grant(d, 'ada', 'root'), 'unwillingToPerform')).toContain(
      'going to leave',
    );
    await ok(grantAs('bob', 'prod'));
    const open = 'kinds: {person: {who: everyone, end dates are: open}}';
    const changed = text.replace('kinds: {person: {who: everyone}}', open);
    await ok(d.modify(policyDn, [['replace', 'tenurePolicyText', changed]]));
    const end = 'id=1 start=2020-01-01 end=2026-03-31';
    await ok(d.modify(person('ada'), [['add', 'lifecycleEngagement', end]]));
    expect(await refused(grantAs('bob', 'prod'), 'unwillingToPerform')).toContain('going to leave');
  });

  test('an administrator has to wait for a yes; then it is granted', async () => {
    const d = at();
    const sentence = await refused(grant(d, 'ada', 'prod'), 'unwillingToPerform');
    expect(sentence).toBe(
      `${person('ada')} in "prod" needs a yes of the group owner (policy, line 4); ` +
        'to go on: tenure decide 1 yes',
    );
    await refused(grant(d, 'ada', 'prod'), 'unwillingToPerform');
    expect(open()).toMatchObject([{ id: 1, kind: 'write', who: 'group owner' }]);
    expect(open()[0]!.text).toContain('on call');
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual([]);
    const request = JSON.parse(open()[0]!.detail) as PreparedWrite;
    const yes = {
      op: 'together',
      context: d.admin,
      reason: 'tenure decide',
      writes: [{ ...request, approved: true }],
      answers: [{ id: 1, state: 'yes', by: 'bob' }],
    } as const;
    expect(d.apply([yes])).toMatchObject([{ ok: true }]);
    expect(d.foundNames(`(member=${person('ada')})`)).toEqual(['prod']);
    expect(open()).toEqual([]);
  });

  test('an administrator is one of the admins', async () => {
    await ok(grant(at(), 'ada', 'root'));
  });
});
