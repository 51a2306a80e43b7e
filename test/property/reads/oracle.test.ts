/**
 * No oracle: of two directories that differ in values which somebody may not read, and in nothing
 * else, that reader gets the same answers, whatever is asked: entries, their order, results, matched
 * names, pages.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Context } from '../../../src/directory/operations/index.js';
import { errorShape } from '../../../src/runtime/errors.js';
import { person, personValues } from '../../support/directory-people.js';
import { nobody, suffix } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { seed } from '../../support/seed.js';

const uids = ['ada', 'bob', 'cyd', 'dan'];
const values = ['111', '222', '333'];

const documents = [
  undefined,
  'own: {who: self, may: read}',
  'all: {who: anyone who has bound, may: read}',
  'some: {who: anyone, may: read, what: uid is ada or bob, attributes: "uid, objectClass"}',
  'find: {who: anyone who has bound, may: [search, compare], attributes: "@public"}',
  'desk: {who: manager, may: read, attributes: "@public, @personal", what: uid is bob}',
];

async function directory(phones: readonly string[], rules: string | undefined) {
  const d = await TestDirectory.open();
  const manager = person('ada');
  d.seed(
    Object.fromEntries(
      uids.map((uid, i) => {
        const own = uid === 'ada' ? {} : { manager };
        const phone = phones[i] === '' ? {} : { homePhone: phones[i]! };
        return [person(uid), personValues(uid, { telephoneNumber: `${i}`, ...own, ...phone })];
      }),
    ),
  );
  if (rules !== undefined) {
    const tenurePolicyText = `tenure: 1\naccess:\n  ${rules}\n`;
    d.seed({
      [`cn=policy,${suffix}`]: {
        objectClass: 'tenureLifecyclePolicy',
        cn: 'policy',
        tenurePolicyText,
      },
    });
  }
  return d;
}

const leaf = fc.oneof(
  fc.constantFrom(...values).map((value) => `(homePhone=${value})`),
  fc.constantFrom('(homePhone=*)', '(homePhone=1*)', '(homePhone=*2*)', '(2.5.13.20:=111)'),
  fc.constantFrom('(uid=ada)', '(uid=*)', '(objectClass=*)', '(objectClass=inetOrgPerson)'),
  fc.constantFrom('(telephoneNumber=1)', `(manager=${person('ada')})`, '(:dn:2.5.13.2:=people)'),
);
const { filter } = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.tuple(fc.constantFrom('&', '|'), tie('filter'), tie('filter')).map((p) => `(${p.join('')})`),
    tie('filter').map((inner) => `(!${inner})`),
  ),
}));

const question = fc.record({
  filter,
  base: fc.constantFrom(suffix, `ou=people,${suffix}`, ...uids.map(person), person('none')),
  scope: fc.constantFrom('base' as const, 'one' as const, 'sub' as const),
  attributes: fc.constantFrom([], ['*', '+'], ['homePhone'], ['1.1'], ['uid', 'homePhone']),
  page: fc.constantFrom(0, 1, 2),
  typesOnly: fc.boolean(),
  assertion: fc.option(filter, { nil: undefined }),
  compared: fc.constantFrom(...values),
});
type Question = typeof question extends fc.Arbitrary<infer Q> ? Q : never;

/** Everything that is answered. */
function answers(d: TestDirectory, as: Context, q: Question): unknown[] {
  const seen: unknown[] = [];
  let cookie = Buffer.alloc(0);
  do {
    const { entries, done } = d.search(q.filter, {
      base: q.base,
      scope: q.scope,
      attributes: q.attributes,
      typesOnly: q.typesOnly,
      as,
      ...(q.page > 0 && { paged: { size: q.page, cookie } }),
      ...(q.assertion !== undefined && { assertion: q.assertion }),
    });
    seen.push(
      entries.map(({ dn, attributes }) => [dn, [...attributes]]),
      done.code,
      done.text,
      done.matchedDn,
    );
    cookie = Buffer.from(done.paged?.cookie ?? []);
    seen.push(cookie.toString('hex'));
  } while (cookie.length > 0);
  try {
    seen.push(d.compare(q.base, 'homePhone', q.compared, as));
  } catch (error) {
    seen.push(errorShape(error));
  }
  return seen;
}

test('values that may not be read change no answer', async () => {
  const phone = fc.constantFrom('', ...values);
  const phones = fc.tuple(phone, phone, phone, phone);
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(phones, phones),
      fc.constantFrom(...documents),
      fc.constantFrom('dan', 'cyd', 'nobody'),
      fc.array(question, { minLength: 20, maxLength: 60 }),
      async ([one, other], rules, reader, questions) => {
        // What is one's own may be read, so it is the same in both.
        const same = other.map((value, i) => (uids[i] === reader ? one[i]! : value));
        const both = [await directory(one, rules), await directory(same, rules)] as const;
        try {
          const askers = both.map((d) => (reader === 'nobody' ? nobody : d.user(person(reader))));
          for (const q of questions) {
            expect(answers(both[1], askers[1]!, q)).toEqual(answers(both[0], askers[0]!, q));
          }
        } finally {
          for (const d of both) await d.close();
        }
      },
    ),
    { numRuns: 12, endOnFailure: true, seed: seed() },
  );
}, 120_000);
