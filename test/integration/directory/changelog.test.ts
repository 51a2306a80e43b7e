/** cn=changelog: what sync tools and auditors read, who may, and that no secret is in it. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok } from '../../support/directory-expect.js';
import { groupOfNames, manyPeople, person } from '../../support/directory-people.js';
import { adminDn, nobody, suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const ada = person('ada');
const base = 'cn=changelog';
const lines = (filter: string, more = {}) => at().search(filter, { base, scope: 'one', ...more });
const numbers = (filter: string, more = {}) =>
  lines(filter, more).entries.map((entry) => Number(entry.texts('changeNumber')[0]));
const last = () => Number(at().entry('', ['lastChangeNumber']).texts('lastChangeNumber')[0]);

beforeEach(() => {
  at().seed({
    ...manyPeople(['ada', 'eve']),
    [`cn=audit,${suffix}`]: groupOfNames('audit', person('eve')),
  });
});

describe('a line', () => {
  test('of a modify has what was taken and given, as LDIF', async () => {
    await ok(at().modify(ada, [['replace', 'title', 'Countess']]));
    await ok(at().modify(ada, [['replace', 'title', 'Lady']]));
    const [entry] = lines(`(changeNumber=${last()})`).entries;
    expect(entry!.dn).toBe(`changeNumber=${last()},cn=changelog`);
    expect(entry!.texts('targetDN')).toEqual([ada]);
    expect(entry!.texts('changeType')).toEqual(['modify']);
    expect(entry!.texts('changes')).toEqual([
      'delete: title\ntitle: Countess\n-\nadd: title\ntitle: Lady\n-\n',
    ]);
    expect(entry!.texts('changeInitiatorsName')).toEqual([adminDn]);
    expect(entry!.texts('changeTime')[0]).toMatch(/^20260105\d{6}Z$/);
  });

  test('of a rename and a delete says what they are', async () => {
    await ok(at().rename(ada, 'uid=countess', { newSuperior: suffix }));
    await ok(at().delete(`uid=countess,${suffix}`));
    const [renamed, deleted] = lines(`(targetDN=*)`).entries.slice(-2);
    expect(renamed!.texts('changeType')).toEqual(['modrdn']);
    expect(renamed!.texts('newRDN')).toEqual(['uid=countess']);
    expect(renamed!.texts('deleteOldRDN')).toEqual(['TRUE']);
    expect(renamed!.texts('newSuperior')).toEqual([suffix]);
    expect(deleted!.texts('changeType')).toEqual(['delete']);
    expect(deleted!.texts('targetDN')).toEqual([`uid=countess,${suffix}`]);
  });

  test('of a password says nothing about it', async () => {
    await ok(at().modify(ada, [['replace', 'userPassword', 'right horse battery']]));
    const [entry] = lines(`(changeNumber=${last()})`).entries;
    expect(entry!.texts('changes').join()).not.toMatch(/userPassword|argon2|horse/i);
  });
});

describe('numbers', () => {
  test('ascend without a gap, and are asked for from one on', async () => {
    const from = last();
    for (let i = 0; i < 300; i += 1) await ok(at().modify(ada, [['replace', 'title', `${i}`]]));
    expect(last()).toBe(from + 300);
    const next = numbers(`(changeNumber>=${from + 1})`);
    expect(next).toEqual(Array.from({ length: 300 }, (_, i) => from + 1 + i));
    expect(numbers(`(&(changeNumber>=${from + 5})(changeNumber<=${from + 7}))`)).toHaveLength(3);
    expect(numbers(`(&(changeNumber>=${from + 1})(targetDN=${person('eve')}))`)).toEqual([]);
    expect(numbers(`(changeNumber>=${from + 301})`)).toEqual([]);
  });

  test('come page by page', () => {
    const all = numbers('(objectClass=*)');
    const seen: number[] = [];
    for (let cookie = Buffer.alloc(0); ; ) {
      const { entries, done } = lines('(objectClass=*)', { paged: { size: 3, cookie } });
      expect(entries.length).toBeLessThanOrEqual(3);
      seen.push(...entries.map((entry) => Number(entry.texts('changeNumber')[0])));
      cookie = Buffer.from(done.paged!.cookie);
      if (cookie.length === 0) break;
    }
    expect(seen).toEqual(all);
  });

  test('a full sink and a size limit lose none', () => {
    const all = numbers('(objectClass=*)');
    expect(numbers('(objectClass=*)', { onEntry: () => false })).toEqual(all);
    const { entries, done } = lines('(objectClass=*)', { sizeLimit: 2 });
    expect([entries.length, done.code]).toEqual([2, 'sizeLimitExceeded']);
  });
});

describe('the partition', () => {
  test('is named in the root DSE, and found as a base', () => {
    const dse = at().entry('', ['changelog', 'firstChangeNumber']);
    expect(dse.texts('changelog')).toEqual(['cn=changelog']);
    expect(dse.texts('firstChangeNumber')).toEqual(['1']);
    expect(at().found('(objectClass=*)', { base, scope: 'base' })).toEqual(['cn=changelog']);
    const one = { base: 'changeNumber=1, CN=changelog', scope: 'base' } as const;
    expect(at().found('(objectClass=*)', one)).toEqual(['changeNumber=1,cn=changelog']);
    expect(
      at().search('(objectClass=*)', { ...one, base: 'changeNumber=99999,cn=changelog' }).done.code,
    ).toBe('noSuchObject');
  });

  test('is for administrators and auditors alone', () => {
    const policy = 'tenure: 1\nroles:\n  auditor: {who: group audit}\n';
    at().seed({
      [`cn=policy,${suffix}`]: {
        objectClass: 'tenureLifecyclePolicy',
        cn: 'policy',
        tenurePolicyText: policy,
      },
    });
    const asked = (as = at().admin) => lines('(changeNumber>=1)', { as }).done.code;
    expect(asked()).toBe('success');
    expect(asked(at().user(person('eve')))).toBe('success');
    expect(asked(at().user(ada))).toBe('noSuchObject');
    expect(asked(nobody)).not.toBe('success');
  });
});
