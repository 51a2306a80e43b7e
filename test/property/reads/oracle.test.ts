/**
 * No oracle: of two directories that differ in what somebody may not read, and in nothing else, that
 * reader gets the same answers, whatever is asked and tried: octet by octet, results, matched names,
 * texts, order, pages, controls.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { person } from '../../support/directory-people.js';
import { guesses, type Request, requests } from '../../support/random-sessions.js';
import { seed } from '../../support/seed.js';
import type { ServedDirectory } from '../../support/served-directory.js';
import { password, type Secrets, uids, world } from '../../support/two-worlds.js';
import type { WireClient } from '../../support/wire-client.js';

type Forbidden = keyof Secrets;
interface Scenario {
  readonly rules: readonly string[];
  readonly forbidden: readonly Forbidden[];
}

const bound = 'who: anyone who has bound';
const own: readonly Forbidden[] = ['phones', 'plates', 'usual'];
const seen = 'what: not description is Hidden';
const desk =
  'desk: {who: uid is dan, may: [write, add, delete, rename], what: not description is Hidden, ' +
  'attributes: [cn, sn, telephoneNumber, description, member, title]}';

const scenarios: readonly Scenario[] = [
  { rules: [], forbidden: own },
  { rules: [`all: {${bound}, may: read}`, 'own: {who: self, may: read}', desk], forbidden: own },
  {
    rules: [`find: {${bound}, may: [search, compare]}`, 'desk: {who: manager, may: read}'],
    forbidden: own,
  },
  {
    rules: [
      'some: {who: anyone, may: read, what: uid is ada or bob, attributes: "uid, objectClass"}',
    ],
    forbidden: own,
  },
  {
    // What may be written, and not read.
    rules: [
      `all: {${bound}, may: read}`,
      `blind: {${bound}, may: write, attributes: [homePhone, carLicense]}`,
    ],
    forbidden: own,
  },
  {
    rules: [
      `all: {${bound}, may: read, ${seen}}`,
      'hidden: {who: description is Hidden, may: [write, add], attributes: [roomNumber, cn, sn]}',
      desk,
    ],
    forbidden: [...own, 'phone', 'isThere', 'crew', 'writer'],
  },
  {
    rules: [
      `all: {${bound}, may: read, attributes: [uid, cn, sn, objectClass, telephoneNumber]}`,
      `boss: {${bound}, may: read, what: uid is ada, attributes: manager}`,
    ],
    forbidden: [...own, 'members', 'managers'],
  },
  {
    rules: [
      `all: {${bound}, may: read, attributes: [uid, cn, objectClass]}`,
      `blind: {${bound}, may: write, attributes: [member, manager]}`,
    ],
    forbidden: [...own, 'members', 'managers'],
  },
];

const phone = fc.constantFrom('', '111', '222', '333');
const each = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 4, maxLength: 4 });
const secrets: fc.Arbitrary<Secrets> = fc.record({
  phones: each(phone),
  plates: each(fc.constantFrom('', 'B-1', 'B-2')),
  usual: each(fc.boolean()),
  members: each(fc.boolean()),
  managers: each(fc.nat(3)),
  phone,
  isThere: fc.boolean(),
  crew: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
  writer: fc.nat(1),
});

const readers = ['dan', 'cyd', 'ada', 'nobody'] as const;

/** What is one's own is the same in both, and so is the password that one comes in with. */
function forReader(one: Secrets, other: Secrets, { forbidden }: Scenario, reader: string) {
  const at = uids.indexOf(reader as (typeof uids)[number]);
  const mine = <T>(a: readonly T[], b: readonly T[]) =>
    b.map((value, i) => (i === at ? a[i]! : value));
  const come = (s: Secrets): Secrets => ({ ...s, usual: s.usual.map((is, i) => i === at || is) });
  const picked = Object.fromEntries(forbidden.map((name) => [name, other[name]]));
  const two: Secrets = { ...one, ...picked };
  return [
    come(one),
    come({
      ...two,
      phones: mine(one.phones, two.phones),
      plates: mine(one.plates, two.plates),
      // Of ada it may be read.
      managers: [one.managers[0]!, ...two.managers.slice(1)],
    }),
  ] as const;
}

/** A client, with the octets that came since the last look. */
async function session(served: ServedDirectory, reader: string) {
  const client: WireClient = await served.connect();
  let octets: Buffer[] = [];
  client.socket.on('data', (chunk: Buffer) => octets.push(chunk));
  if (reader !== 'nobody') expect(await client.bind(person(reader), password(reader))).toBe(0);
  return async ({ op, controls }: Request): Promise<string> => {
    octets = [];
    await client.ask(op, controls);
    return Buffer.concat(octets).toString('latin1');
  };
}

/** What a failure shows: octets as text. */
function said(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, said(inner)]));
}

test('what may not be read changes no octet of any answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(secrets, secrets),
      fc.constantFrom(...scenarios),
      fc.constantFrom(...readers),
      fc.array(requests, { minLength: 40, maxLength: 120 }),
      fc.array(guesses, { maxLength: 3 }),
      async ([one, other], scenario, reader, questions, names) => {
        const both = forReader(one, other, scenario, reader);
        const worlds = [await world(both[0], scenario.rules), await world(both[1], scenario.rules)];
        try {
          const [first, second] = await Promise.all(worlds.map((each) => session(each, reader)));
          for (const question of [...questions, ...names]) {
            const [a, b] = [await first!(question), await second!(question)];
            const of = { reader, rules: scenario.rules, question: said(question) };
            expect({ ...of, answer: b }).toEqual({ ...of, answer: a });
          }
        } finally {
          for (const each of worlds) await each.close();
        }
      },
    ),
    { numRuns: 25, endOnFailure: true, seed: seed() },
  );
}, 240_000);
