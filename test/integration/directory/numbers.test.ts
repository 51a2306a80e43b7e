/** Numbers and login names: made, unique, and never given to a second person. */
import { describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import {
  accountValues,
  group,
  groups,
  people,
  person,
  personValues,
} from '../../support/directory-people.js';

const at = eachDirectory();
const numbers = (dn: string) => {
  const entry = at().entry(dn);
  return [entry.texts('uidNumber')[0], entry.texts('gidNumber')[0]];
};

describe('numbers', () => {
  test('an account without them gets both, and a private group of its own', async () => {
    const d = at();
    await ok(d.add(person('ada'), accountValues('ada')));
    await ok(d.add(person('bob'), accountValues('bob')));
    expect(numbers(person('ada'))).toEqual(['20001', '20001']);
    expect(numbers(person('bob'))).toEqual(['20002', '20002']);
    const own = d.entry(group('ada'));
    expect(own.texts('gidNumber')).toEqual(['20001']);
    expect(own.texts('objectClass')).toEqual(['posixGroup', 'top']);
    expect(own.texts('description')).toEqual(['private group of ada']);
  });

  test('given ones are kept, passed over, and bring no group', async () => {
    const d = at();
    await ok(d.add(person('ada'), accountValues('ada', { uidNumber: '20001', gidNumber: '100' })));
    await ok(d.add(person('bob'), accountValues('bob', { uidNumber: '5' })));
    await ok(d.add(person('eve'), accountValues('eve')));
    expect(numbers(person('ada'))).toEqual(['20001', '100']);
    expect(numbers(person('bob'))).toEqual(['5', '5']);
    expect(numbers(person('eve'))).toEqual(['20002', '20002']);
    expect(d.foundNames('(objectClass=posixGroup)')).toEqual(['bob', 'eve']);
  });

  test('a group without a number gets one; a private group steps aside for it', async () => {
    const d = at();
    await ok(d.add(group('team'), { objectClass: 'posixGroup', cn: 'team' }));
    expect(d.entry(group('team')).texts('gidNumber')).toEqual(['20001']);
    await ok(d.add(person('ada'), accountValues('ada')));
    expect(numbers(person('ada'))).toEqual(['20001', '20002']);
    expect(d.entry(group('ada')).texts('gidNumber')).toEqual(['20002']);
  });

  test('what somebody had stays theirs', async () => {
    const d = at();
    await ok(d.add(person('ada'), accountValues('ada')));
    await ok(d.delete(person('ada')));
    expect(d.found('(objectClass=posixGroup)')).toEqual([]);
    await ok(d.add(person('bob'), accountValues('bob')));
    expect(numbers(person('bob'))).toEqual(['20002', '20002']);
    const thief = accountValues('eve', { uidNumber: '20001' });
    expect(await refused(d.add(person('eve'), thief), 'constraintViolation')).toMatch(
      /20001.*"ada"/,
    );
    await refused(
      d.modify(person('bob'), [['replace', 'uidNumber', '20001']]),
      'constraintViolation',
    );
    await ok(d.add(person('ada'), accountValues('ada', { uidNumber: '20001' })));
    expect(numbers(person('ada'))[0]).toBe('20001');
  });

  test('a number that was changed is not given away either', async () => {
    const d = at();
    await ok(d.add(person('ada'), accountValues('ada')));
    await ok(d.modify(person('ada'), [['replace', 'uidNumber', '500']]));
    await refused(
      d.add(person('bob'), accountValues('bob', { uidNumber: '20001' })),
      'constraintViolation',
    );
    await ok(d.modify(person('ada'), [['replace', 'uidNumber', '20001']]));
  });

  test('a refused add uses no number up', async () => {
    const d = at();
    await refused(d.add(person('ada'), accountValues('ada', { sn: [] })), 'protocolError');
    await refused(
      d.add(person('ada'), accountValues('ada', { shadowMax: '1' })),
      'objectClassViolation',
    );
    await ok(d.add(person('ada'), accountValues('ada')));
    expect(numbers(person('ada'))).toEqual(['20001', '20001']);
  });
});

describe('private groups', () => {
  test('go with their person while they are as they were made', async () => {
    const d = at();
    await ok(d.add(person('ada'), accountValues('ada')));
    await ok(d.add(person('bob'), accountValues('bob')));
    await ok(d.add(person('eve'), accountValues('eve')));
    await ok(d.modify(group('bob'), [['add', 'memberUid', 'eve']]));
    await ok(d.modify(group('eve'), [['replace', 'description', 'ours now']]));
    for (const uid of ['ada', 'bob', 'eve']) await ok(d.delete(person(uid)));
    expect(d.foundNames('(objectClass=posixGroup)')).toEqual(['bob', 'eve']);
    expect(d.entry(group('bob')).texts('memberUid')).toEqual([]);
  });

  test('are called as their person is called, by a rename and by another uid', async () => {
    const d = at();
    await ok(d.add(person('ada'), accountValues('ada')));
    const number = d.entry(group('ada')).texts('gidNumber');
    await ok(d.rename(person('ada'), 'uid=countess'));
    const renamed = d.entry(group('countess'));
    expect(renamed.texts('cn')).toEqual(['countess']);
    expect(renamed.texts('gidNumber')).toEqual(number);
    expect(renamed.texts('description')).toEqual(['private group of countess']);
    expect(d.foundNames('(cn=ada)')).toEqual([]);
    await ok(d.rename(person('countess'), 'cn=ada', { keepOld: true }));
    await ok(d.modify(`cn=ada,${people}`, [['replace', 'uid', 'lovelace']]));
    expect(d.foundNames('(objectClass=posixGroup)')).toEqual(['lovelace']);
    // It goes with them still.
    await ok(d.delete(`cn=ada,${people}`));
    expect(d.found('(objectClass=posixGroup)')).toEqual([]);
  });

  test('keep their name where the new one is taken, or where they are somebody else’s by now', async () => {
    const d = at();
    for (const uid of ['ada', 'bob']) await ok(d.add(person(uid), accountValues(uid)));
    await ok(d.add(group('queen'), { objectClass: 'groupOfNames', cn: 'queen' }));
    await ok(d.modify(group('bob'), [['replace', 'description', 'ours now']]));
    await ok(d.rename(person('ada'), 'uid=queen'));
    await ok(d.rename(person('bob'), 'uid=king'));
    expect(d.foundNames('(objectClass=posixGroup)')).toEqual(['ada', 'bob']);
  });

  test('are not made where there is no place for them, or the name is taken', async () => {
    const d = at();
    await ok(d.add(group('ada'), { objectClass: 'groupOfNames', cn: 'ada' }));
    await ok(d.add(person('ada'), accountValues('ada')));
    expect(d.entry(group('ada')).texts('structuralObjectClass')).toEqual(['groupOfNames']);
    await ok(d.delete(person('ada')));
    expect(d.foundNames('(cn=ada)')).toEqual(['ada']);
    await ok(d.delete(group('ada')));
    await ok(d.delete(groups));
    await ok(d.add(person('bob'), accountValues('bob')));
    expect(d.found('(objectClass=posixGroup)')).toEqual([]);
  });
});

describe('login names', () => {
  test('belong to one entry, whatever their case and place', async () => {
    const d = at();
    await ok(d.add(person('ada'), personValues('ada')));
    await ok(d.add(person('bob'), personValues('bob')));
    const other = `cn=x,${people}`;
    expect(
      await refused(d.add(other, personValues('ADA', { cn: 'x' })), 'constraintViolation'),
    ).toMatch(/uid "ADA" is already taken by uid=ada,/);
    await refused(d.modify(person('bob'), [['add', 'uid', 'Ada']]), 'constraintViolation');
    await refused(d.add(`uid=ada,${groups}`, personValues('ada')), 'constraintViolation');
    await refused(d.rename(person('bob'), 'cn=ada+uid=ada'), 'constraintViolation');
    await ok(
      d.modify(person('ada'), [
        ['delete', 'uid', 'ada'],
        ['add', 'uid', 'ada'],
      ]),
    );
    await ok(d.delete(person('ada')));
    await ok(d.modify(person('bob'), [['add', 'uid', 'ada']]));
  });

  test('and uidNumbers likewise', async () => {
    const d = at();
    await ok(d.add(person('ada'), accountValues('ada', { uidNumber: '7' })));
    await refused(
      d.add(person('bob'), accountValues('bob', { uidNumber: '7' })),
      'constraintViolation',
    );
    await ok(d.add(person('bob'), accountValues('bob', { uidNumber: '8', gidNumber: '7' })));
    await refused(d.modify(person('bob'), [['replace', 'uidNumber', '7']]), 'constraintViolation');
  });
});
