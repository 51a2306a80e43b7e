/** What the policy says about groups: who never gets one, and for how long it may be granted. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { group, groupOfNames, person, personValues } from '../../support/directory-people.js';
import { suffix, type Values } from '../../support/directory-requests.js';
import { grant, HOUR } from '../../support/grants.js';

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
