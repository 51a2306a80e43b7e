/** Which policy holds for whom: named, by filter, the default; kept in memory, never stale. */
import { describe, expect, test } from '@jest/globals';
import { policiesOf } from '../../../src/directory/operations/policies/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { person, personValues } from '../../support/directory-people.js';
import { bindAware, defaultPolicy, policyDn, policyValues } from '../../support/policy-entries.js';

const ada = person('ada');

describe('the policy that holds', () => {
  const at = eachDirectory();
  const add = (cn: string, more: Record<string, string>) =>
    ok(at().add(policyDn(cn), policyValues(cn, more)));
  const holds = () => at().entry(ada).texts('pwdPolicySubentry');
  const reason = () => {
    const d = at();
    return policiesOf(d.reader).of(d.reader.entry(d.user(ada).identity.entryId)!).found?.reason;
  };
  const newAda = (more: Record<string, string> = {}) =>
    ok(at().add(ada, personValues('ada', { userPassword: 'secret-of-ada', ...more })));

  test('is the one that the entry names, else the first whose filter matches, else the default', async () => {
    const d = at();
    await newAda({ employeeType: 'staff', title: 'boss' });
    expect(holds()).toEqual([defaultPolicy]);
    expect(reason()).toEqual({ kind: 'default' });
    await add('staff', { tenurePolicyOrder: '20', tenurePolicyFilter: '(employeeType=staff)' });
    expect(holds()).toEqual([policyDn('staff')]);
    expect(reason()).toEqual({ kind: 'filter', filter: '(employeeType=staff)' });
    await add('bosses', { tenurePolicyOrder: '10', tenurePolicyFilter: '(title=boss)' });
    expect(holds()).toEqual([policyDn('bosses')]);
    await ok(d.modify(policyDn('bosses'), [['replace', 'tenurePolicyOrder', '30']]));
    expect(holds()).toEqual([policyDn('staff')]);
    await ok(
      d.add(policyDn('plain'), { ...policyValues('plain'), objectClass: ['device', 'pwdPolicy'] }),
    );
    expect(holds()).toEqual([policyDn('staff')]);
    await ok(d.modify(ada, [['add', 'pwdPolicySubentry', policyDn('plain')]]));
    expect(holds()).toEqual([policyDn('plain')]);
    expect(reason()).toEqual({ kind: 'explicit' });
    // It follows the policy's name, and goes with it.
    await ok(d.rename(policyDn('plain'), 'cn=renamed'));
    expect(holds()).toEqual([policyDn('renamed')]);
    await ok(d.delete(policyDn('renamed')));
    expect(holds()).toEqual([policyDn('staff')]);
    await ok(d.modify(ada, [['replace', 'employeeType', 'guest']]));
    expect(holds()).toEqual([policyDn('bosses')]);
    await ok(d.delete(policyDn('bosses')));
    await ok(d.delete(defaultPolicy));
    expect(holds()).toEqual([]);
    expect((await bindAware(d, ada, 'secret-of-ada')).policy).toBeUndefined();
  });

  test('filters find people by what holds, and Compare agrees', async () => {
    const d = at();
    await newAda();
    const { dn: admin } = d.admin.identity;
    const { length } = d.found('(pwdPolicySubentry=*)');
    expect(length).toBe(1);
    expect(d.found(`(pwdPolicySubentry=${defaultPolicy})`)).toEqual([ada]);
    expect(d.compare(ada, 'pwdPolicySubentry', defaultPolicy.toUpperCase())).toBe(true);
    await ok(d.modify(admin, [['add', 'pwdPolicySubentry', defaultPolicy]]));
    expect(d.found(`(pwdPolicySubentry=${defaultPolicy})`)).toEqual([admin, ada].sort());
    const shown = d.entry(ada, ['pwdPolicySubentry']).attributes;
    expect([...shown.keys()]).toEqual(['pwdPolicySubentry']);
    expect(d.entry(ada, []).attributes.has('pwdPolicySubentry')).toBe(false);
  });

  test('a policy is readable by whoever has bound', async () => {
    const d = at();
    await newAda();
    const names = ['pwdGraceAuthNLimit', 'pwdMaxAge', 'pwdExpireWarning'];
    const seen = d.entry(defaultPolicy, names, d.user(ada)).attributes;
    expect([...seen.keys()]).toEqual(['pwdExpireWarning']);
  });

  test('a filter that cannot be decided at a bind is refused when it is written', async () => {
    const d = at();
    const put = (filter: string) =>
      d.modify(defaultPolicy, [['replace', 'tenurePolicyFilter', filter]]);
    expect(await refused(put('(uid=a'), 'invalidAttributeSyntax')).toContain('tenurePolicyFilter');
    expect(await refused(put('(nosuch=a)'), 'constraintViolation')).toContain('"nosuch"');
    const groups = await refused(put('(memberOf=cn=a)'), 'constraintViolation');
    expect(groups).toContain('memberOf is not stored with the entry');
    await refused(put('(!(manager=cn=a))'), 'constraintViolation');
    await refused(put('(userPassword=x)'), 'constraintViolation');
    await ok(put('(|(uid=a*)(!(objectClass=device)))'));
    const add = d.add(policyDn('x'), policyValues('x', { tenurePolicyFilter: '(a=b)' }));
    await refused(add, 'constraintViolation');
  });

  test('pwdLockout is on policies only: some clients read it on people as a lock', async () => {
    await newAda();
    await refused(at().modify(ada, [['add', 'pwdLockout', 'TRUE']]), 'objectClassViolation');
  });

  test('what is known of binds elsewhere is no part of an import, the rest is', async () => {
    const d = at();
    const history = '20250101000000Z#1.3.6.1.4.1.1466.115.121.1.40#6#{SSHA}';
    await d.import(
      `dn: ${ada}\nobjectClass: inetOrgPerson\nuid: ada\ncn: Ada\nsn: L\n` +
        'pwdChangedTime: 20250601000000Z\npwdReset: TRUE\npwdFailureTime: 20250601000000Z\n' +
        'pwdLastSuccess: 20250601000000Z\nuserPassword: {SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9hzYWx0\n' +
        `pwdHistory: ${history}\npwdPolicySubentry: ${defaultPolicy}\n`,
    );
    const entry = d.entry(ada);
    expect(entry.texts('pwdChangedTime')).toEqual(['20250601000000Z']);
    expect(entry.texts('pwdReset')).toEqual(['TRUE']);
    expect(entry.texts('pwdFailureTime')).toEqual([]);
    expect(entry.texts('pwdLastSuccess')).toEqual([]);
    expect(holds()).toEqual([defaultPolicy]);
    expect(d.export()).toContain(`pwdHistory: ${history}`);
    await refused(
      d.modify(ada, [['add', 'pwdChangedTime', '20250601000000Z']]),
      'constraintViolation',
    );
  });
});
