/**
 * What may not be read is not told by anything else either: by who wrote an entry, by a chain of
 * managers, by an assertion, by what a write answers, or by the name of somebody unknown.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from '../../../src/directory/operations/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refused } from '../../support/directory-expect.js';
import {
  group,
  groupOfNames,
  people,
  person,
  personValues,
} from '../../support/directory-people.js';
import { type Change, nobody, suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const labs = `ou=labs,${suffix}`;
const policy = `tenure: 1
access:
  all: {who: anyone who has bound, may: read, what: not title is Hidden}
  blind: {who: uid is dan, may: write, what: not title is Hidden, attributes: [homePhone, carLicense, preferredLanguage]}
  desk: {who: uid is dan, may: [write, add, delete, rename], what: not title is Hidden, attributes: [cn, sn, description, member, uid]}
  hidden: {who: title is Hidden, may: [write, add], attributes: [description, cn, sn]}
`;
const chain = (whom: string) => `(manager:1.2.840.113556.1.4.1941:=${person(whom)})`;

let dan: Context;

beforeEach(() => {
  const d = at();
  d.seed({
    [person('ada')]: personValues('ada'),
    [person('bob')]: personValues('bob', { manager: person('ada'), homePhone: '111' }),
    [person('cyd')]: personValues('cyd', { manager: person('bob') }),
    [person('dan')]: personValues('dan'),
    [person('hid')]: personValues('hid', { title: 'Hidden', manager: person('ada') }),
    [person('eve')]: personValues('eve', { manager: person('hid') }),
    [labs]: { objectClass: 'organizationalUnit', ou: 'labs' },
    [group('crew')]: groupOfNames('crew', person('hid'), person('ada')),
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policy,
    },
  });
  dan = d.user(person('dan'));
});

const modify = (whom: string, ...changes: Change[]) => at().modify(whom, changes, undefined, dan);
const phones = (uid: string) => at().entry(person(uid), ['homePhone']).texts('homePhone');
const unit = (values: Record<string, string>) => ({ objectClass: 'person', sn: 'x', ...values });

describe('reads', () => {
  test('who wrote an entry is told to those who may know of them', async () => {
    const d = at();
    const hid = d.user(person('hid'));
    await ok(d.add(`cn=made,${labs}`, unit({ cn: 'made' }), undefined, hid));
    await ok(d.modify(person('ada'), [['add', 'description', 'x']], undefined, hid));
    const names = ['creatorsName', 'modifiersName'];
    const shown = (dn: string, as: Context) => [...d.entry(dn, names, as).attributes.keys()];
    expect(shown(`cn=made,${labs}`, dan)).toEqual([]);
    expect(shown(person('ada'), dan)).toEqual(['creatorsName']);
    expect(shown(`cn=made,${labs}`, d.admin)).toEqual(names);
    const filter = `(modifiersName=${person('hid')})`;
    expect(d.foundNames(filter, { as: dan })).toEqual([]);
    expect(d.foundNames(filter)).toEqual(['ada', 'made']);
    await ok(d.delete(person('hid')));
    expect(shown(`cn=made,${labs}`, dan)).toEqual([]);
  });

  test('a chain leads through what could be followed step by step', async () => {
    const d = at();
    expect(d.foundNames(chain('ada'), { as: dan })).toEqual(['bob', 'cyd']);
    expect(d.foundNames(chain('ada'))).toEqual(['bob', 'cyd', 'eve', 'hid']);
    const text = policy.replace(
      'may: read, what: not title is Hidden}',
      'may: read, attributes: [uid, objectClass]}\n' +
        '  some: {who: anyone who has bound, may: read, what: uid is cyd, attributes: manager}',
    );
    await ok(d.modify(`cn=policy,${suffix}`, [['replace', 'tenurePolicyText', text]]));
    expect(d.foundNames(chain('bob'), { as: dan })).toEqual(['cyd']);
    expect(d.foundNames(chain('ada'), { as: dan })).toEqual([]);
  });

  test('how many entries there are is in no refusal', () => {
    const d = at();
    Object.assign(d.limits, { unindexedCandidatesMax: 3 });
    const { done } = d.search('(roomNumber=1)', { as: dan });
    expect([done.code, done.text]).toEqual([
      'unwillingToPerform',
      expect.stringMatching(
        /^the search would have to read more than 3 entries because roomNumber/,
      ),
    ]);
  });
});

describe('writes', () => {
  test('nobody learns what is there who has not bound', async () => {
    for (const uid of ['ada', 'hid', 'none']) {
      const controls = { assertion: '(uid=zoe)' };
      const write = at().modify(person(uid), [['add', 'mail', 'x@y']], controls, nobody);
      expect(await write).toMatchObject({ error: { code: 'insufficientAccessRights' } });
    }
  });

  test('of what may not be read it is not told whether it was there, and it stays', async () => {
    await ok(modify(person('bob'), ['add', 'homePhone', '111']));
    await ok(modify(person('ada'), ['add', 'homePhone', '111']));
    expect([phones('ada'), phones('bob')]).toEqual([['111'], ['111']]);
    await ok(modify(person('bob'), ['delete', 'homePhone', '222']));
    await ok(modify(person('bob'), ['replace', 'homePhone', '333']));
    expect(phones('bob')).toEqual(['111', '333']);
    for (const uid of ['bob', 'cyd']) {
      const error = await refused(modify(person(uid), ['delete', 'homePhone']), 'noSuchAttribute');
      expect(error).toMatch('the entry has no homePhone');
      await refused(
        modify(person(uid), ['increment', 'homePhone', '1']),
        'insufficientAccessRights',
      );
    }
    await ok(modify(person('bob'), ['delete', 'homePhone', '111']));
    expect(phones('bob')).toEqual(['333']);
    // One value at most: the new one takes the place of what may be there.
    for (const uid of ['bob', 'cyd']) {
      if (uid === 'bob') await ok(at().modify(person(uid), [['add', 'preferredLanguage', 'de']]));
      await ok(modify(person(uid), ['replace', 'preferredLanguage', 'en']));
    }
  });

  test('a member of whom the author may not know is neither told, taken away nor named', async () => {
    const d = at();
    const members = (as: Context) => d.entry(group('crew'), ['member'], as).texts('member').sort();
    expect(members(dan)).toEqual([person('ada')]);
    await ok(modify(group('crew'), ['replace', 'member', person('bob')]));
    expect(members(d.admin)).toEqual([person('bob'), person('hid')]);
    for (const uid of ['hid', 'none']) {
      const name = person(uid);
      for (const op of ['add', 'replace', 'delete'] as const) {
        const text = await refused(
          modify(group('crew'), [op, 'member', name]),
          'constraintViolation',
        );
        expect(text).toBe(`member: there is no "${name}" of which you may know`);
      }
    }
    await ok(modify(group('crew'), ['add', 'member', 'cn=elsewhere,dc=other']));
    await ok(modify(group('crew'), ['delete', 'member', 'cn=elsewhere,dc=other']));
  });

  test('nothing is put below an entry of which the author may not know', async () => {
    const d = at();
    const texts = [];
    for (const uid of ['hid', 'none']) {
      const below = `cn=x,${person(uid)}`;
      const add = await d.add(below, unit({ cn: 'x' }), undefined, dan);
      const move = await d.rename(
        person('ada'),
        'uid=ada',
        { newSuperior: person(uid) },
        undefined,
        dan,
      );
      texts.push(JSON.stringify([add, move]).replaceAll(uid, 'xxx'));
      expect(add).toMatchObject({ error: { code: 'noSuchObject', matchedDn: people } });
      expect(move).toMatchObject({ error: { code: 'noSuchObject', matchedDn: people } });
    }
    expect(texts[0]).toBe(texts[1]);
  });

  test('that a name is taken by somebody unknown is told to those alone who might have it', async () => {
    const d = at();
    const hidden = `cn=secret,${labs}`;
    d.seed({ [hidden]: { ...personValues('secret'), cn: 'secret', title: 'Hidden' } });
    const add = (cn: string, more = {}) =>
      d.add(`cn=${cn},${labs}`, unit({ cn, ...more }), undefined, dan);
    await refused(add('secret', { telephoneNumber: '1' }), 'insufficientAccessRights');
    await refused(add('free', { telephoneNumber: '1' }), 'insufficientAccessRights');
    await refused(add('secret'), 'entryAlreadyExists');
    await ok(add('free'));
    await refused(
      d.rename(`cn=free,${labs}`, 'cn=secret', {}, undefined, dan),
      'entryAlreadyExists',
    );
    expect(d.entry(hidden).texts('title')).toEqual(['Hidden']);
    const taken = await refused(
      modify(person('bob'), ['add', 'uid', 'hid']),
      'constraintViolation',
    );
    expect(taken).toBe('uid "hid" is already taken');
  });

  test('a policy is not for rules to take away, which let everybody do what it forbids', async () => {
    const d = at();
    const dn = `cn=policy,${suffix}`;
    await refused(d.delete(dn, undefined, dan), 'insufficientAccessRights');
    await refused(d.rename(dn, 'cn=other', {}, undefined, dan), 'insufficientAccessRights');
  });
});
