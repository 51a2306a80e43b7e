/** The section `access:`: what it says as data, on the page, and every mistake with its place. */
import { expect, test } from '@jest/globals';
import { differences, pageOf } from '../../../src/policy/language/index.js';
import { policyFrom, problemsOf } from '../../support/policy.js';

const text = `tenure: 1
access:
  colleagues: {who: anyone who has bound, may: read, what: below ou=people, attributes: "@posix, department"}
  desk: {who: group desk, from: 10.0.0.0/8, with: tls, may: search, attributes: homePhone}
`;

test('rules as data: reading gives the rest, and what is left out is public', () => {
  const [colleagues, desk] = policyFrom(text).access!;
  expect(colleagues).toMatchObject({
    name: 'colleagues',
    at: { line: 3, column: 3 },
    who: { is: 'bound' },
    may: ['discover', 'search', 'compare', 'read'],
    what: { is: 'below', base: 'ou=people' },
    sets: ['posix'],
    attributes: ['departmentnumber'],
  });
  expect(desk).toMatchObject({
    with: ['tls'],
    may: ['discover', 'search'],
    what: { is: 'everyone' },
  });
  expect(policyFrom('tenure: 1\naccess: {own: {who: self, may: read}}').access![0]).toMatchObject({
    sets: ['public'],
    attributes: [],
  });
  expect(policyFrom('tenure: 1\n').access).toBeUndefined();
});

test('the page has a sentence for each, and a diff tells them', () => {
  const page = pageOf(policyFrom(text));
  expect(page).toContain(
    '  colleagues: anyone who has bound may read @posix and department of below ou=people',
  );
  expect(page).toContain(
    '  desk: group desk, from 10.0.0.0/8, with tls may discover and search homephone',
  );
  const changed = policyFrom(text.replace('may: search', 'may: read'));
  expect(differences(policyFrom(text), changed).map(({ path }) => path)).toEqual(['access.desk']);
});

test.each([
  ['{who: self, may: raed}', '2:30 "raed" is not what one may do to an entry; did you mean read?'],
  [
    '{who: self, may: read, attributes: homeFone}',
    '2:48 "homeFone" is no attribute that this directory knows; did you mean homePhone?',
  ],
  [
    '{who: self, may: read, attributes: "@persnal"}',
    '2:49 "@persnal" is no set of attributes; did you mean @personal?',
  ],
  [
    '{who: self, may: read, attributes: "@secret"}',
    '2:49 nobody reads secrets, whatever a rule says: leave out @secret',
  ],
  [
    '{who: self, may: read, attributes: userPassword}',
    '2:48 userPassword is a secret, and nobody reads it',
  ],
  [
    '{who: self, from: 10.0.0.1/8, may: read}',
    '2:31 "10.0.0.1/8" has bits behind its prefix; is 10.0.0.0/8 meant?',
  ],
  ['{who: self}', '2:10 access.r lacks "may"'],
])('%s', (rule, problem) => {
  const found = problemsOf(`tenure: 1\naccess: {r: ${rule}}`);
  expect(found[0]).toBe(problem);
});
