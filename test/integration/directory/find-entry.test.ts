/** Whom a name on a command line means. */
import { beforeEach, expect, test } from '@jest/globals';
import { findEntry } from '../../../src/directory/operations/index.js';
import { eachDirectory } from '../../support/directory-each.js';
import { refusal } from '../../support/directory-expect.js';
import { group, groupOfNames, manyPeople, person } from '../../support/directory-people.js';
import { adminDn, suffix } from '../../support/directory-requests.js';

const at = eachDirectory();
const find = (name: string) => {
  const { reader, names } = at();
  return names.text(findEntry(name, reader, names));
};

beforeEach(() => {
  at().seed({
    ...manyPeople(['ada', 'grace', 'gräfin']),
    [group('ada')]: groupOfNames('ada'),
    [group('staff')]: groupOfNames('staff'),
  });
});

test('a login name, a common name, a distinguished name, in any spelling', () => {
  expect(find('ada')).toBe(person('ada'));
  expect(find(' ADA ')).toBe(person('ada'));
  expect(find('gräfin')).toBe(person('gräfin'));
  expect(find('staff')).toBe(group('staff'));
  expect(find('admin')).toBe(adminDn);
  expect(find(`UID = Ada, ou=people,${suffix}`)).toBe(person('ada'));
});

test('nobody, with whom may have been meant', async () => {
  const { message } = await refusal(() => find('grcae'), 'noSuchObject');
  expect(message).toBe('nobody here is called "grcae"; did you mean grace?');
  await refusal(() => find('xyzzy'), 'noSuchObject');
  await refusal(() => find(''), 'noSuchObject');
  await refusal(() => find('*'), 'noSuchObject');
  await refusal(() => find(person('nobody')), 'noSuchObject');
  await refusal(() => find('='), 'invalidDNSyntax');
});

test('several of one name are listed, none is taken', async () => {
  at().seed({ [`cn=staff,${suffix}`]: groupOfNames('staff') });
  const { message } = await refusal(() => find('staff'), 'unwillingToPerform');
  expect(message).toContain(group('staff'));
  expect(message).toContain(`cn=staff,${suffix}`);
});
