/** How much of the directory a service sees: bases, attributes, and attributes by other names. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { eachDirectory } from '../../support/directory-each.js';
import { ok, refusal, refused } from '../../support/directory-expect.js';
import {
  group,
  groupOfNames,
  people,
  person,
  personValues,
} from '../../support/directory-people.js';
import { type Ask, suffix } from '../../support/directory-requests.js';
import { service } from '../../support/services.js';

const at = eachDirectory();
const app = service('app');

beforeEach(() => {
  at().seed({
    [app]: { objectClass: ['account', 'tenureService'], uid: 'app' },
    [service('other')]: { objectClass: 'account', uid: 'other' },
    [person('ada')]: personValues('ada', { mail: 'ada@example.com', title: 'Countess' }),
    [person('bob')]: personValues('bob', { mail: 'bob@example.com' }),
    [group('staff')]: groupOfNames('staff', person('ada')),
  });
});

const view = (...words: string[]) => at().modify(app, [['replace', 'tenureView', ...words]]);
const ask = (filter: string, more: Ask = {}) =>
  at().search(filter, { as: at().user(app), ...more });
const found = (filter: string, more: Ask = {}) =>
  at().foundNames(filter, { as: at().user(app), ...more });

describe('bases', () => {
  test('nothing else is found, read, compared or named', async () => {
    await ok(view(`base=${people}`));
    expect(found('(objectClass=*)')).toEqual(['ada', 'app', 'bob', 'people']);
    expect(found('(cn=staff)')).toEqual([]);
    expect(found('(!(uid=ada))')).toEqual(['app', 'bob', 'people']);
    const { done } = ask('(objectClass=*)', { base: group('staff'), scope: 'base' });
    expect(done).toMatchObject({ code: 'noSuchObject', matchedDn: '' });
    await refusal(
      () => at().compare(group('staff'), 'cn', 'staff', at().user(app)),
      'noSuchObject',
    );
    await refusal(
      () => at().compare(service('other'), 'uid', 'other', at().user(app)),
      'noSuchObject',
    );
    // A client that looks below the suffix finds its people there, and not the suffix itself.
    expect(found('(uid=ada)', { base: suffix })).toEqual(['ada']);
    expect(ask('(objectClass=*)', { base: suffix, scope: 'base' }).done.code).toBe('noSuchObject');
  });

  test('several are added up, written whole or below the suffix', async () => {
    await ok(view('base=ou=people', `base=${group('staff')}`));
    expect(found('(objectClass=*)')).toEqual(['ada', 'app', 'bob', 'people', 'staff']);
  });

  test('its own entry a service always sees', async () => {
    await ok(view('base=ou=people', 'sees=mail'));
    const { entries } = ask('(objectClass=*)', { base: app, scope: 'base' });
    expect(entries).toHaveLength(1);
  });
});

describe('attributes', () => {
  test('what is not seen is nowhere: not in answers, filters or comparisons', async () => {
    await ok(view('sees=uid,cn,mail,memberOf'));
    const [ada] = ask('(uid=ada)').entries;
    expect([...ada!.attributes.keys()].sort()).toEqual([
      'cn',
      'mail',
      'memberOf',
      'objectClass',
      'uid',
    ]);
    const [more] = ask('(uid=ada)', { attributes: ['title', 'sn', '+'] }).entries;
    expect([...more!.attributes.keys()]).toEqual([]);
    expect(found('(title=Countess)')).toEqual([]);
    expect(found('(&(uid=ada)(!(title=Countess)))')).toEqual([]);
    await refusal(
      () => at().compare(person('ada'), 'title', 'Countess', at().user(app)),
      'insufficientAccessRights',
    );
    // Others see what they saw.
    const other = at().user(service('other'));
    expect(at().foundNames('(title=Countess)', { as: other })).toEqual(['ada']);
    const [seen] = at().search('(uid=ada)', { as: other }).entries;
    expect(seen!.texts('title')).toEqual(['Countess']);
  });
});

describe('other names', () => {
  test('sAMAccountName and objectGUID are what a client of Active Directory takes them for', async () => {
    await ok(view('rename=uid:sAMAccountName', 'rename=entryUUID:objectGUID'));
    const uuid = at().entry(person('ada')).texts('entryUUID')[0]!;
    const [a, b, c, d, e] = uuid.split('-') as [string, string, string, string, string];
    const turned = (hex: string) => Buffer.from(hex, 'hex').reverse().toString('hex');
    const guid = Buffer.from(`${turned(a)}${turned(b)}${turned(c)}${d}${e}`, 'hex');
    const attributes = ['sAMAccountName', 'objectGUID'];
    const [ada] = ask('(sAMAccountName=ada)', { attributes }).entries;
    expect(ada!.texts('sAMAccountName')).toEqual(['ada']);
    expect(ada!.attributes.get('objectGUID')).toEqual([guid]);
    const escaped = [...guid].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
    expect(found(`(objectGUID=${escaped})`)).toEqual(['ada']);
    expect(found(`(objectGUID=${uuid})`)).toEqual(['ada']);
    expect(found('(objectGUID=\\00\\01)')).toEqual([]);
  });
});

test('a view that would lock its service out is refused with a sentence', async () => {
  const wrong = async (says: RegExp, ...words: string[]) =>
    expect(await refused(view(...words), 'constraintViolation')).toMatch(says);
  await wrong(/names no entry here: the service would see nothing/, 'base=ou=nowhere');
  await wrong(/names no entry here/, 'base=not a name');
  await wrong(/"sees=" is no word of a view/, 'sees=');
  await wrong(/"maill" is no attribute of the schema; did you mean mail\?/, 'sees=uid,maill');
  await wrong(/names what it does not see; add mail to sees=/, 'sees=uid', 'rename=mail:email');
  await wrong(/is no word of a view/, 'base=');
});
