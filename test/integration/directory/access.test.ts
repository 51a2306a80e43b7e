/** Who may do what: all see the root DSE, whoever has bound reads, the administrator writes. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from '../../../src/directory/operations/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import { manyPeople, people, person, personValues } from '../../support/directory-people.js';
import { adminDn, nobody, suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const none = {};
let ada: Context;

beforeEach(async () => {
  const d = at();
  d.seed(manyPeople(['ada', 'bob']));
  await ok(d.modify(person('ada'), [['add', 'userPassword', 'ada-secret']]));
  await ok(d.modify(person('bob'), [['add', 'userPassword', 'bob-secret']]));
  ada = d.user(person('ada'));
});

describe('anonymous', () => {
  test('reads the root DSE and nothing else, not even whether something exists', async () => {
    const d = at();
    expect(
      d.search('(objectClass=*)', { base: '', scope: 'base', as: nobody }).entries,
    ).toHaveLength(1);
    for (const base of [suffix, person('ada'), person('no'), 'cn=subschema', 'nonsense']) {
      const { entries, done } = d.search('(objectClass=*)', { base, as: nobody });
      expect([entries, done.code, done.matchedDn]).toEqual([[], 'insufficientAccessRights', '']);
    }
    for (const dn of [person('ada'), person('no')]) {
      await refusal(() => d.compare(dn, 'cn', 'x', nobody), 'insufficientAccessRights');
    }
  });

  test('writes nothing, and learns nothing by trying', async () => {
    const d = at();
    for (const dn of [person('ada'), person('no'), adminDn]) {
      await refused(
        d.modify(dn, [['add', 'title', 'x']], none, nobody),
        'insufficientAccessRights',
      );
      await refused(
        d.modify(dn, [['replace', 'userPassword', 'x']], none, nobody),
        'insufficientAccessRights',
      );
      await refused(d.delete(dn, none, nobody), 'insufficientAccessRights');
      await refused(d.rename(dn, 'uid=x', {}, none, nobody), 'insufficientAccessRights');
      await refused(d.add(dn, personValues('no'), none, nobody), 'insufficientAccessRights');
      await refused(d.changePassword(dn, undefined, 'x', nobody), 'insufficientAccessRights');
      await refused(d.changePassword(dn, 'ada-secret', 'x', nobody), 'insufficientAccessRights');
    }
    await refused(d.changePassword('', undefined, 'x', nobody), 'unwillingToPerform');
    await refused(
      d.modify('cn=subschema', [['add', 'attributeTypes', '( 1.2.3 )']], none, nobody),
      'insufficientAccessRights',
    );
  });
});

describe('somebody who has bound', () => {
  test('reads everything but secrets', () => {
    const d = at();
    const all = d.search('(objectClass=*)', { attributes: ['*', '+', 'userPassword'], as: ada });
    expect(all.entries).toHaveLength(d.reader.entryCount());
    for (const entry of all.entries) expect(entry.attributes.has('userPassword')).toBe(false);
    expect(d.found('(userPassword=*)', { as: ada })).toEqual([]);
    expect(d.found('(!(userPassword=*))', { as: ada })).toEqual([]);
    expect(d.compare(person('bob'), 'sn', 'TESTER', ada)).toBe(true);
    expect(
      d.search('(objectClass=*)', { base: 'cn=subschema', scope: 'base', as: ada }).entries,
    ).toHaveLength(1);
  });

  test('cannot compare passwords, and nor can the administrator', async () => {
    const d = at();
    for (const as of [ada, d.admin]) {
      await refusal(
        () => d.compare(person('ada'), 'userPassword', 'ada-secret', as),
        'insufficientAccessRights',
      );
    }
  });

  test('changes the own password and nothing else', async () => {
    const d = at();
    const self = person('ada');
    const no = 'insufficientAccessRights';
    await refused(d.modify(self, [['add', 'title', 'x']], none, ada), no);
    await refused(
      d.modify(
        self,
        [
          ['replace', 'userPassword', 'x'],
          ['add', 'title', 'x'],
        ],
        none,
        ada,
      ),
      no,
    );
    await refused(d.modify(person('bob'), [['replace', 'userPassword', 'x']], none, ada), no);
    await refused(d.modify(adminDn, [['replace', 'userPassword', 'x']], none, ada), no);
    await refused(d.changePassword(person('bob'), 'bob-secret', 'x', ada), no);
    await refused(d.modify(self, [], none, ada), no);
    await refused(d.add(`uid=x,${people}`, personValues('x'), none, ada), no);
    await refused(d.delete(self, none, ada), no);
    await refused(d.rename(self, 'uid=x', {}, none, ada), no);
    await refused(
      d.modify('cn=subschema', [['add', 'attributeTypes', '( 1.2.3 )']], none, ada),
      no,
    );
    await ok(d.modify(self, [['replace', 'userPassword', 'new-secret']], none, ada));
    await ok(
      d.modify(
        self,
        [
          ['delete', 'userPassword', 'new-secret'],
          ['add', 'userPassword', 'newer'],
        ],
        none,
        ada,
      ),
    );
    await ok(d.changePassword('', 'newer', 'newest', ada));
    expect((await d.bind(self, 'newest')).dn).toBe(self);
    expect(d.entry(self, ['modifiersName']).texts('modifiersName')).toEqual([self]);
  });

  test('who is deleted may do nothing more, whoever takes the name', async () => {
    const d = at();
    await ok(d.delete(person('ada')));
    await ok(d.add(person('ada'), personValues('ada')));
    await refused(
      d.modify(person('ada'), [['add', 'userPassword', 'x']], none, ada),
      'insufficientAccessRights',
    );
  });
});

test('a base, a filter or a matchedDN tells a reader only what they may see', () => {
  const { done } = at().search('(uid=*)', { base: `uid=no,${people}`, as: ada });
  expect(done).toMatchObject({ code: 'noSuchObject', matchedDn: people });
});
