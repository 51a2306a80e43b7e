/** A membership has holders: by hand, by rule, by grant. What keeps them apart, and what must not mix them. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PreparedWrite } from '../../../src/directory/operations/index.js';
import { undoRun } from '../../../src/policy/run/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import {
  group,
  groupOfNames,
  manyPeople,
  person,
  posixGroup,
} from '../../support/directory-people.js';
import { bytes } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { grant, grantOf, HOUR, people } from '../../support/grants.js';

describe('several holders', () => {
  const at = eachDirectory();
  const members = () => at().entry(group('g')).texts('member').sort();

  beforeEach(() => {
    at().seed({ ...manyPeople(people), [group('g')]: groupOfNames('g', person('bob')) });
  });

  test('a member by hand and by grant is shown once, and stays when the grant ends', async () => {
    const d = at();
    await ok(grant(d, 'bob', 'g'));
    expect(members()).toEqual([person('bob')]);
    d.clock.advance(HOUR * 1000);
    expect(members()).toEqual([person('bob')]);
  });

  test('the hand can be added to a grant, and taken away from under it', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    await ok(d.modify(group('g'), [['add', 'member', person('ada')]]));
    await refused(
      d.modify(group('g'), [['add', 'member', person('ada')]]),
      'attributeOrValueExists',
    );
    d.clock.advance(HOUR * 1000);
    expect(members()).toEqual([person('ada'), person('bob')]);
    await ok(d.modify(group('g'), [['delete', 'member', person('ada')]]));
    expect(members()).toEqual([person('bob')]);
  });

  test('a list that is read and written back leaves a grant a grant', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    await ok(d.modify(group('g'), [['replace', 'member', ...members(), person('eve')]]));
    expect(members()).toEqual(['ada', 'bob', 'eve'].map(person));
    d.clock.advance(HOUR * 1000);
    expect(members()).toEqual(['bob', 'eve'].map(person));
  });

  test('who is left out of a list, or deleted, loses the grant too', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    await ok(d.modify(group('g'), [['replace', 'member', person('bob')]]));
    expect(members()).toEqual([person('bob')]);
    await ok(grant(d, 'ada', 'g'));
    await ok(d.modify(group('g'), [['delete', 'member', person('ada')]]));
    expect(d.entry(group('g')).texts('tenureHolder')).toEqual([]);
    await refused(d.modify(group('g'), [['delete', 'member', person('ada')]]), 'noSuchAttribute');
  });

  test('what is not there yet cannot be seen, so a list does not take it away', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g', HOUR, HOUR));
    await refused(d.modify(group('g'), [['delete', 'member', person('ada')]]), 'noSuchAttribute');
    await ok(d.modify(group('g'), [['replace', 'member', person('eve')]]));
    await ok(d.modify(group('g'), [['delete', 'member']]));
    await refused(d.modify(group('g'), [['delete', 'member']]), 'noSuchAttribute');
    d.clock.advance(HOUR * 1000);
    expect(members()).toEqual([person('ada')]);
  });

  test('a grant follows a rename', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    await ok(d.rename(person('ada'), 'uid=lovelace'));
    expect(members()).toEqual([person('bob'), person('lovelace')]);
    d.clock.advance(HOUR * 1000);
    expect(members()).toEqual([person('bob')]);
  });

  test('it goes with the person', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    await ok(d.delete(person('ada')));
    expect(d.entry(group('g')).texts('tenureHolder')).toEqual([]);
  });
});

describe('what keeps holders', () => {
  const at = eachDirectory();

  beforeEach(() => {
    const d = at();
    d.seed({
      ...manyPeople(people),
      [group('g')]: groupOfNames('g', person('ada'), 'cn=else,dc=where'),
      [group('p')]: posixGroup('p', 'stranger'),
    });
  });

  test('an export, and the import of it', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    await ok(grant(d, 'bob', 'g'));
    await ok(grant(d, 'bob', 'p', 2 * HOUR, HOUR));
    const ldif = d.export();
    const other = await TestDirectory.open({ seed: 2 });
    try {
      await other.import(ldif);
      expect(other.export()).toBe(ldif);
      expect(other.entry(group('g')).texts('member').sort()).toEqual(
        [person('ada'), person('bob'), 'cn=else,dc=where'].sort(),
      );
      other.clock.advance(HOUR * 1000);
      expect(other.entry(group('g')).texts('member')).not.toContain(person('bob'));
      expect(other.entry(group('g')).texts('member')).toContain(person('ada'));
      expect(other.entry(group('p')).texts('memberUid').sort()).toEqual(['bob', 'stranger']);
    } finally {
      await other.close();
    }
  });

  test('a file that says of a holder what is none is refused with the line', async () => {
    const d = at();
    const ldif = `dn: ${group('h')}\nobjectClass: groupOfNames\ncn: h\ntenureHolder: kind=grant\n`;
    await expect(d.import(ldif)).rejects.toThrow('lacks entry=');
  });

  test('undo of a run gives back each holder as it was', async () => {
    const d = at();
    await ok(grant(d, 'ada', 'g'));
    const before = d.entry(group('g'));
    const base = { context: d.admin, reason: 'a run' };
    const [opened] = d.apply([{ ...base, op: 'openRun' }]);
    const { run } = opened as { run: number };
    const changes = [
      { op: 'delete', attribute: 'member', values: [bytes(person('ada'))] },
      { op: 'add', attribute: 'tenureHolder', values: [bytes(grantOf(d, 'eve', HOUR))] },
    ] as const;
    d.apply([{ ...base, op: 'modify', run, dn: group('g'), changes } as PreparedWrite]);
    expect(d.entry(group('g')).texts('member')).not.toContain(person('ada'));
    expect(d.entry(group('g')).texts('member')).toContain(person('eve'));
    const write = async (request: PreparedWrite) => d.apply([request])[0]!;
    const order = { run, reason: 'undo', rehearse: false };
    await undoRun(order, { reader: d.reader, write, context: d.admin });
    for (const name of ['member', 'tenureHolder']) {
      expect(d.entry(group('g')).texts(name).sort()).toEqual(before.texts(name).sort());
    }
  });
});

test('a refusal names what a rule holds', async () => {
  const d = await TestDirectory.open();
  try {
    const rule = `tenureHolder: kind=rule entry="${person('ada')}"`;
    const ldif = [
      `dn: ${person('ada')}\nobjectClass: inetOrgPerson\nuid: ada\ncn: a\nsn: a\n`,
      `dn: ${group('g')}\nobjectClass: groupOfNames\ncn: g\n${rule}\n`,
    ].join('\n');
    await d.import(ldif);
    expect(d.entry(group('g')).texts('member')).toEqual([person('ada')]);
    for (const change of [
      ['delete', 'member', person('ada')],
      ['delete', 'member'],
      ['replace', 'member'],
    ] as const) {
      const text = await refused(d.modify(group('g'), [change]), 'unwillingToPerform');
      expect(text).toContain('by the rule of the group');
    }
    await ok(d.modify(group('g'), [['add', 'member', person('ada')]]));
    await ok(d.modify(group('g'), [['delete', 'member', person('ada')]]));
    expect(d.entry(group('g')).texts('member')).toEqual([person('ada')]);
    await refusal(() => d.compare(group('g'), 'seeAlso', person('ada')), 'noSuchAttribute');
  } finally {
    await d.close();
  }
});
