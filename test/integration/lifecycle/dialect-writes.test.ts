/** Locks and unlocks written in the words of other directories, and what is refused with advice. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import { accountValues, person } from '../../support/directory-people.js';
import { adminDn, type Change, type Values } from '../../support/directory-requests.js';
import { factsOfState } from '../../support/lifecycle-people.js';

const at = eachDirectory();
const eve = person('eve');
const samba = {
  objectClass: ['inetOrgPerson', 'posixAccount', 'shadowAccount', 'sambaSamAccount'],
};
const subject = { objectClass: [...samba.objectClass, 'lifecycleSubject'] };
const account = (more: Values = {}): Values =>
  accountValues('eve', { ...samba, sambaSID: 'S-1-5-21-1', loginShell: '/bin/bash', ...more });

const write = (...changes: Change[]) => at().modify(eve, changes);
const state = () => at().entry(eve, ['lifecycleState']).texts('lifecycleState')[0];
const blocks = () => at().entry(eve, ['lifecycleBlock']).texts('lifecycleBlock');
/** The body as it is stored. */
const stored = () => {
  const text = at().export();
  const from = text.indexOf(`dn: ${eve}`);
  return text.slice(from, text.indexOf('\n\n', from));
};
const today = Math.floor(Date.UTC(2026, 0, 5) / 86_400_000);

const locks: readonly (readonly [string, string])[] = [
  ['nsAccountLock', 'TRUE'],
  ['nsAccountLock', 'true'],
  ['loginDisabled', 'TRUE'],
  ['msDS-UserAccountDisabled', 'TRUE'],
  ['orclIsEnabled', 'DISABLED'],
  ['userAccountControl', '514'],
  ['userAccountControl', '66050'],
  ['shadowExpire', '1'],
  ['shadowExpire', String(today)],
  ['accountExpires', '131592384000000000'],
  ['loginExpirationTime', '20250101000000Z'],
  ['sambaKickoffTime', '1'],
  ['sambaAcctFlags', '[UD         ]'],
];

const unlocks: readonly (readonly [string, string | undefined])[] = [
  ['nsAccountLock', 'FALSE'],
  ['nsAccountLock', undefined],
  ['loginDisabled', 'FALSE'],
  ['msDS-UserAccountDisabled', 'FALSE'],
  ['orclIsEnabled', 'ENABLED'],
  ['userAccountControl', '512'],
  ['userAccountControl', '544'],
  ['shadowExpire', '-1'],
  ['shadowExpire', '99999'],
  ['shadowExpire', undefined],
  ['accountExpires', '0'],
  ['accountExpires', '9223372036854775807'],
  ['sambaKickoffTime', '2147483647'],
  ['sambaAcctFlags', '[U          ]'],
];

const block = `kind=administrative by=${JSON.stringify(adminDn).slice(1, -1)} since=20260105090000Z`;

describe('somebody of whom nothing is known', () => {
  beforeEach(() => at().seed({ [eve]: account() }));

  test.each(locks)('%s: %s is the own block of whoever writes it', async (name, value) => {
    await ok(write(['replace', name, value]));
    expect(state()).toBe('suspended');
    expect(blocks()).toEqual([block]);
    expect(at().entry(eve, ['objectClass']).texts('objectClass')).toContain('lifecycleSubject');
    expect(stored()).not.toContain('shadowExpire');
    expect(stored()).not.toContain('nsAccountLock');
    // Once more is no second one, in whatever words.
    await ok(write(['replace', 'nsAccountLock', 'TRUE']));
    expect(blocks()).toEqual([block]);
  });

  test.each(unlocks)('%s: %s says what holds anyway', async (name, value) => {
    await ok(write(['replace', name, ...(value === undefined ? [] : [value])]));
    expect(state()).toBe('active');
    expect(at().entry(eve, ['objectClass']).texts('objectClass')).not.toContain('lifecycleSubject');
  });

  test.each([
    ['shadowExpire', String(today + 100), /^shadowExpire follows .* lifecycleEnd: 2026-04-14 for/],
    ['accountExpires', '134500000000000000', /write lifecycleEnd: 2027-03-\d\d for the last day/],
    ['loginExpirationTime', '20270101000000Z', /lifecycleEnd: 2026-12-31/],
    ['sambaKickoffTime', '1800000000', /lifecycleEnd: 2027-01-15/],
    ['shadowExpire', 'soon', /"soon" is not a number/],
    ['nsAccountLock', 'maybe', /"maybe" is neither TRUE nor FALSE/],
    ['userAccountControl', '2', /write 512 for an account that is on, 514/],
    ['orclIsEnabled', 'no', /neither DISABLED nor ENABLED/],
  ])('%s: %s is refused with what to write', async (name, value, advice) => {
    const text = await refused(write(['replace', name, value]), 'constraintViolation');
    expect(text).toMatch(advice);
    expect(text).toContain(eve);
    expect(state()).toBe('active');
  });

  test('what is computed and says nothing of its own cannot be written', async () => {
    const changes: Change = ['replace', 'msDS-User-Account-Control-Computed', '16'];
    await refused(write(changes), 'constraintViolation');
    await refused(write(['delete', 'userAccountControl']), 'constraintViolation');
    await refused(write(['replace', 'nsAccountLock', 'TRUE', 'FALSE']), 'constraintViolation');
  });

  test('other flags of Samba are kept, and the one for off is not', async () => {
    await ok(write(['replace', 'sambaAcctFlags', '[UDX        ]']));
    expect(state()).toBe('suspended');
    expect(stored()).toContain('sambaAcctFlags: [UX         ]');
    await ok(
      write(
        ['delete', 'sambaAcctFlags', '[UD         ]'],
        ['add', 'sambaAcctFlags', '[U          ]'],
      ),
    );
    expect(state()).toBe('active');
    expect(at().entry(eve, ['sambaAcctFlags']).texts('sambaAcctFlags')).toEqual(['[U          ]']);
  });
});

describe('somebody who is suspended', () => {
  test.each(unlocks)('%s: %s lifts the own block', async (name, value) => {
    at().seed({ [eve]: account() });
    await ok(write(['replace', 'nsAccountLock', 'TRUE']));
    await ok(write(['replace', name, ...(value === undefined ? [] : [value])]));
    expect(state()).toBe('active');
    expect(blocks()).toEqual([]);
  });

  test('as clients do it: the old value out, the new one in', async () => {
    at().seed({ [eve]: account() });
    await ok(write(['delete', 'userAccountControl', '512'], ['add', 'userAccountControl', '514']));
    expect(state()).toBe('suspended');
    await ok(write(['delete', 'userAccountControl', '514'], ['add', 'userAccountControl', '512']));
    expect(state()).toBe('active');
  });

  test('the block of somebody else stays, and the refusal names it', async () => {
    const lifecycleBlock = 'kind=security by=cn=ciso since=20260101000000Z';
    at().seed({ [eve]: account({ ...subject, lifecycleBlock }) });
    const text = await refused(write(['replace', 'nsAccountLock', 'FALSE']), 'constraintViolation');
    expect(text).toContain('the security block by cn=ciso');
    expect(state()).toBe('suspended');
  });

  test('an end is no block: it is taken back, not unlocked', async () => {
    at().seed({ [eve]: account({ ...subject, ...factsOfState.sealed }) });
    const text = await refused(write(['delete', 'shadowExpire']), 'constraintViolation');
    expect(text).toContain('write a later lifecycleEnd');
  });

  test('a second account opens with its person', async () => {
    at().seed({
      [person('max')]: accountValues('max', {
        ...factsOfState.suspended,
        objectClass: ['inetOrgPerson', 'posixAccount', 'lifecycleSubject'],
      }),
    });
    at().seed({ [eve]: account({ ...subject, lifecyclePrincipal: person('max') }) });
    const text = await refused(write(['replace', 'nsAccountLock', 'FALSE']), 'constraintViolation');
    expect(text).toBe(`${eve} opens again with ${person('max')}, who is suspended`);
  });

  test('the lock of the password policy cannot be taken away meanwhile', async () => {
    at().seed({ [eve]: account({ ...subject, ...factsOfState.suspended }) });
    const remove: Change = ['delete', 'pwdAccountLockedTime'];
    expect(await refused(write(remove), 'constraintViolation')).toBe(
      `pwdAccountLockedTime of ${eve} cannot be taken away while they are suspended: ` +
        'it opens again with the state, such as by lifecycleState: active',
    );
    await refused(write(['replace', 'pwdAccountLockedTime']), 'constraintViolation');
    await ok(write(['replace', 'lifecycleState', 'active']));
    await ok(write(['replace', 'pwdAccountLockedTime', '000001010000Z']));
    expect(state()).toBe('active');
    await ok(write(remove));
  });

  test('what is shown meanwhile and written back covers nothing', async () => {
    const d = at();
    d.seed({ [eve]: account({ ...subject, ...factsOfState.suspended }) });
    expect(d.entry(eve, ['loginShell']).texts('loginShell')).toEqual(['/usr/sbin/nologin']);
    await ok(write(['replace', 'loginShell', '/usr/sbin/nologin'], ['replace', 'title', 'x']));
    await ok(write(['replace', 'lifecycleState', 'active']));
    expect(d.entry(eve, ['loginShell']).texts('loginShell')).toEqual(['/bin/bash']);
    await ok(write(['replace', 'lifecycleState', 'suspended']));
    await ok(write(['replace', 'loginShell', '/bin/zsh']));
    await ok(write(['replace', 'lifecycleState', 'active']));
    expect(d.entry(eve, ['loginShell']).texts('loginShell')).toEqual(['/bin/zsh']);
  });
});

describe('a new entry', () => {
  test.each(locks)('with %s: %s begins locked', async (name, value) => {
    await ok(at().add(eve, account({ [name]: value })));
    expect(state()).toBe('suspended');
    expect(blocks()).toEqual([block]);
  });

  test.each(unlocks.filter(([, value]) => value !== undefined))(
    'with %s: %s begins as any other, one with a first day ahead too',
    async (name, value) => {
      const facts = { ...subject, ...factsOfState.staged };
      await ok(at().add(eve, account({ ...facts, [name]: value! })));
      expect(state()).toBe('staged');
    },
  );

  test('with a date to come is refused with what to write', async () => {
    const text = await refused(
      at().add(eve, account({ shadowExpire: String(today + 1) })),
      'constraintViolation',
    );
    expect(text).toContain('write lifecycleEnd: 2026-01-05 for the last day');
  });

  test('of a dump says nothing beside its facts: it was shown what followed from them', async () => {
    const d = at();
    const engagement = 'id=1 kind=contractor start=2025-01-01 end=2026-03-01';
    await d.import(
      `dn: ${eve}\nobjectClass: inetOrgPerson\nuid: eve\ncn: eve\nsn: x\n` +
        `shadowExpire: ${today + 56}\nnsAccountLock: TRUE\nlifecycleEngagement: ${engagement}\n\n`,
    );
    expect(state()).toBe('active');
    expect(blocks()).toEqual([]);
    expect(d.entry(eve, ['lifecycleEnd']).texts('lifecycleEnd')).toHaveLength(1);
  });

  test('of a file is read alike, with its line where it is refused', async () => {
    const d = at();
    const ldif = (more: string) =>
      `dn: ${eve}\nobjectClass: inetOrgPerson\nobjectClass: shadowAccount\nuid: eve\ncn: eve\n` +
      `sn: x\n${more}\n\n`;
    await expect(d.import(ldif(`shadowExpire: ${today + 1}`))).rejects.toThrow(/lifecycleEnd/);
    await d.import(ldif('nsAccountLock: TRUE\nshadowExpire: 1\nuserAccountControl: 514'));
    expect(state()).toBe('suspended');
    expect(blocks()).toHaveLength(1);
    const again = d.export();
    expect(again).not.toContain('shadowExpire');
  });
});
