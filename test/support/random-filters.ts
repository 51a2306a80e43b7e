/** Random filters over the attributes, names and values that random-writes.ts makes. */
import fc from 'fast-check';
import type { Filter } from '../../src/directory/model/filter.js';
import { names, spelling, words } from './random-writes.js';

const textual = [
  'cn',
  'sn',
  'givenName',
  'uid',
  'title',
  'description',
  'mail',
  'name',
  'ou',
].concat([
  'telephoneNumber',
  'employeeNumber',
  'homeDirectory',
  'memberUid',
  'cn;lang-de',
  'CN;x-other',
]);
const numeric = ['uidNumber', 'gidNumber', 'shadowMax', 'shadowFlag', 'numSubordinates'];
const named = ['member', 'uniqueMember', 'memberOf', 'manager', 'seeAlso', 'owner', 'entryDN'];
const timed = ['createTimestamp', 'modifyTimestamp'];
const odd = ['noSuchAttribute', 'userPassword', 'cn;', 'hasSubordinates', 'objectClass'];
const anyAttribute = fc.constantFrom(...textual, ...numeric, ...named, ...timed, ...odd);

const bytes = (text: string) => Buffer.from(text);
const word = fc.oneof(
  words,
  fc.constantFrom('ghost', 'u1', 'u2', 'U3', 'a', 'ada', '+49 30-1', '7'),
);
const slice = fc
  .tuple(word, fc.nat(12), fc.integer({ min: 1, max: 5 }))
  .map(([text, from, length]) => text.slice(from % text.length, (from % text.length) + length));
const number = fc.oneof(
  fc.integer({ min: -3, max: 12 }).map(String),
  fc.constantFrom('20001', '20003', 'many', '', '99999999999999999999'),
);
const name = fc.oneof(
  spelling(names),
  fc.constantFrom('not a name', 'cn=ghost,dc=elsewhere', '=x'),
);
const instant = fc.constantFrom(
  '20260105090000Z',
  '20260105090001Z',
  '20260105090002.5Z',
  '202601050900.05Z',
  '2026010509.001Z',
  '20260105100003+0100',
  '20260105085959Z',
  'now',
  '20261305090000Z',
);
const value = fc.oneof(word, number, name, instant);

/** An attribute with a value that fits it, most of the time. */
const pair = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...textual), word) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...numeric), number) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...named), name) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...timed), instant) },
  { weight: 1, arbitrary: fc.tuple(anyAttribute, value) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant('objectClass'),
      fc.constantFrom('person', 'TOP', 'posixGroup', 'groupOfNames', 'noSuchClass', 'alias'),
    ),
  },
);

const comparison = fc
  .tuple(fc.constantFrom('equality', 'equality', 'greaterOrEqual', 'lessOrEqual', 'approx'), pair)
  .map(([kind, [attribute, text]]): Filter => {
    return { kind: kind as 'equality', attribute, value: bytes(text) };
  });

const present = anyAttribute.map((attribute): Filter => ({ kind: 'present', attribute }));

const substrings = fc
  .record({
    attribute: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...textual) }, anyAttribute),
    initial: fc.option(slice, { nil: undefined }),
    any: fc.array(slice, { maxLength: 2 }),
    final: fc.option(slice, { nil: undefined }),
  })
  .filter(({ initial, any, final }) => `${initial ?? ''}${any.join('')}${final ?? ''}` !== '')
  .map(({ attribute, initial, any, final }): Filter => {
    return {
      kind: 'substrings',
      attribute,
      initial: initial === undefined ? undefined : bytes(initial),
      any: any.map(bytes),
      final: final === undefined ? undefined : bytes(final),
    };
  });

const rule = fc.constantFrom(
  undefined,
  'caseIgnoreMatch',
  '2.5.13.2',
  'caseExactMatch',
  'integerMatch',
  '1.2.840.113556.1.4.803',
  '1.2.840.113556.1.4.804',
  '1.2.840.113556.1.4.1941',
  'noSuchRule',
);

const extensible = fc
  .tuple(rule, pair, fc.boolean(), fc.integer({ min: 0, max: 4 }))
  .filter(([, [attribute]]) => attribute !== 'objectClass' && !attribute.includes(';'))
  .map(([by, [attribute, text], dnAttributes, form]): Filter => {
    const bare = form === 0 && by === 'caseIgnoreMatch';
    return {
      kind: 'extensible',
      rule: by,
      attribute: bare ? undefined : attribute,
      value: bytes(text),
      dnAttributes,
    };
  });

const leaf = fc.oneof(
  { weight: 5, arbitrary: comparison },
  { weight: 2, arbitrary: substrings },
  { weight: 1, arbitrary: present },
  { weight: 1, arbitrary: extensible },
);

/** Filters up to four deep. */
export const filters: fc.Arbitrary<Filter> = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'filter' },
    { weight: 4, arbitrary: leaf },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('and', 'or'),
          fc.array(tie('tree'), { maxLength: 3, depthIdentifier: 'filter' }),
        )
        .map(([kind, parts]): Filter => ({ kind: kind as 'and', filters: parts })),
    },
    { weight: 1, arbitrary: tie('tree').map((filter): Filter => ({ kind: 'not', filter })) },
  ),
})).tree;
