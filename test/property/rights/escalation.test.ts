/**
 * Nobody gains a right by setting a password, unlocking or bypassing. Roles, groups in groups,
 * memberships for a time and services with owners and deputies are drawn; a model that knows nothing
 * of the code under test says what each account may do to whom, hour by hour. Where somebody may open an account,
 * whatever comes with it, at any hour from now on, they had already. SEED repeats a run, RUNS sets how many.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTime } from '../../../src/directory/model/time.js';
import { group, person, personValues } from '../../support/directory-people.js';
import { type Change, suffix } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { checkRandomly } from '../../support/random-runs.js';

const RUNS_BY_DEFAULT = 6;
const HOURS = 12;
const people = ['p0', 'p1', 'p2', 'p3', 'p4'];
const services = ['s0', 's1'];
const accounts = [...people, ...services];
const groups = ['g0', 'g1', 'g2', 'g3'];
const titles = ['A', 'B'];
const doors = ['reset', 'unlock', 'bypass'] as const;

interface Membership {
  readonly group: string;
  readonly member: string;
  /** Hours from now; without them it is for good. */
  readonly span?: readonly [number, number];
}

interface DrawnRole {
  readonly who: readonly string[];
  readonly butNot: string | undefined;
  readonly may: readonly string[];
  readonly over: string | undefined;
  readonly neverOver: string | undefined;
}

interface Company {
  readonly titles: readonly string[];
  readonly memberships: readonly Membership[];
  readonly roles: readonly DrawnRole[];
  /** Account that answers for a service, and as what. */
  readonly answers: readonly (readonly [service: string, by: string, as: string])[];
}

const spans = fc
  .tuple(fc.nat(HOURS - 2), fc.integer({ min: 1, max: HOURS }))
  .map(([from, length]) => [from, from + length] as const);

const companies: fc.Arbitrary<Company> = fc.record({
  titles: fc.array(fc.constantFrom(...titles), { minLength: 7, maxLength: 7 }),
  memberships: fc.array(
    fc
      .record({
        group: fc.constantFrom(...groups),
        member: fc.constantFrom(...accounts, ...services, ...groups),
        span: fc.option(spans, { nil: undefined, freq: 2 }),
      })
      .filter(({ group: into, member }) => into !== member)
      .map(({ span, ...rest }) => (span === undefined ? rest : { ...rest, span })),
    { minLength: 2, maxLength: 9 },
  ),
  roles: fc.array(
    fc.record({
      who: fc.uniqueArray(fc.constantFrom(...groups), { minLength: 1, maxLength: 2 }),
      butNot: fc.option(fc.constantFrom(...groups), { nil: undefined, freq: 4 }),
      may: fc.uniqueArray(fc.constantFrom(...doors, 'offboard', 'hold'), {
        minLength: 1,
        maxLength: 4,
      }),
      over: fc.option(fc.constantFrom(...titles), { nil: undefined }),
      neverOver: fc.option(fc.constantFrom(...titles, 'any role'), { nil: undefined }),
    }),
    { minLength: 2, maxLength: 4 },
  ),
  answers: fc.array(
    fc.tuple(
      fc.constantFrom(...services),
      fc.constantFrom(...accounts),
      fc.constantFrom('owner', 'lifecycleDeputy'),
    ),
    { minLength: 2, maxLength: 5 },
  ),
});

// ---- the model --------------------------------------------------------------------------------

class Model {
  readonly #of: Company;

  constructor(of: Company) {
    this.#of = of;
  }

  #groupsAt(member: string, hour: number, seen = new Set<string>()): Set<string> {
    for (const one of this.#of.memberships) {
      const [from, until] = one.span ?? [0, Number.POSITIVE_INFINITY];
      if (one.member !== member || hour < from || hour >= until || seen.has(one.group)) continue;
      seen.add(one.group);
      this.#groupsAt(one.group, hour, seen);
    }
    return seen;
  }

  rolesAt(account: string, hour: number): DrawnRole[] {
    const inside = this.#groupsAt(account, hour);
    return this.#of.roles.filter(
      ({ who, butNot }) =>
        who.some((name) => inside.has(name)) && (butNot === undefined || !inside.has(butNot)),
    );
  }

  #isOver({ over, neverOver }: DrawnRole, account: string, hour: number): boolean {
    const title = this.#of.titles[accounts.indexOf(account)];
    if (over !== undefined && title !== over) return false;
    if (neverOver === 'any role') return this.rolesAt(account, hour).length === 0;
    return neverOver === undefined || title !== neverOver;
  }

  /** `POWER ACCOUNT`. */
  rightsAt(account: string, hour: number): Set<string> {
    const found = new Set<string>();
    for (const role of this.rolesAt(account, hour)) {
      for (const other of accounts) {
        if (!this.#isOver(role, other, hour)) continue;
        for (const power of role.may) found.add(`${power} ${other}`);
      }
    }
    return found;
  }

  /** The account, and all that it answers for. */
  behind(account: string): Set<string> {
    const found = new Set([account]);
    for (let size = 0; size !== found.size; ) {
      size = found.size;
      for (const [service, by] of this.#of.answers) if (found.has(by)) found.add(service);
    }
    return found;
  }

  /** What the author would have with that account that he has not, at any hour from now on. */
  gained(author: string, account: string): string | undefined {
    for (let hour = 0; hour <= 2 * HOURS; hour += 1) {
      const own = this.rightsAt(author, hour);
      for (const one of this.behind(account)) {
        for (const right of this.rightsAt(one, hour)) {
          if (!own.has(right)) return `${right}, by ${one}, in ${hour} hours`;
        }
      }
    }
    return undefined;
  }

  /** Whether nobody who is in any group is behind the account. */
  isPlain(account: string): boolean {
    const grouped = (one: string) => this.#of.memberships.some(({ member }) => member === one);
    return [...this.behind(account)].every((one) => !grouped(one));
  }
}

// ---- the directory ----------------------------------------------------------------------------

function policyOf({ roles }: Company): string {
  const lines = roles.map(({ who, butNot, may, over, neverOver }, i) => {
    const not = butNot === undefined ? '' : ` and not group ${butNot}`;
    const all = who.map((name) => `group ${name}`).join(' or ');
    const below = over === undefined ? '' : `, over: title is ${over}`;
    const never =
      neverOver === undefined
        ? ''
        : `, never over: ${neverOver === 'any role' ? 'has any role' : `title is ${neverOver}`}`;
    const condition = `"(${all})${not}"`;
    return `  role ${i}: {who: ${condition}, may: [${may.join(', ')}]${below}${never}}`;
  });
  return `tenure: 1\nroles:\n${lines.join('\n')}\n`;
}

const nameOf = (node: string) => (groups.includes(node) ? group(node) : person(node));

async function populate(d: TestDirectory, company: Company): Promise<void> {
  const now = Math.floor(d.clock.nowMs() / 1000);
  d.seed(
    Object.fromEntries(
      accounts.map((uid, i) => [
        person(uid),
        {
          ...personValues(uid, { title: company.titles[i]!, userPassword: 'secret-of-all' }),
          objectClass: ['inetOrgPerson', 'lifecycleSubject'],
        },
      ]),
    ),
  );
  d.seed(Object.fromEntries(groups.map((cn) => [group(cn), { objectClass: 'groupOfNames', cn }])));
  const must = async (dn: string, change: Change) => {
    const outcome = await d.modify(dn, [change]);
    if (outcome.ok || outcome.error.code === 'attributeOrValueExists') return;
    throw new Error(`${dn} ${change.join(' ')}: ${outcome.error.text}`);
  };
  for (const { group: into, member, span } of company.memberships) {
    if (span === undefined) await must(group(into), ['add', 'member', nameOf(member)]);
    else {
      const [from, until] = span.map((hour) => formatTime(now + hour * 3_600));
      const value = `kind=grant entry="${nameOf(member)}" when=${from}..${until} because="drawn"`;
      await must(group(into), ['add', 'tenureHolder', value]);
    }
  }
  for (const [service, by, as] of company.answers) {
    await must(person(service), ['replace', as, person(by)]);
  }
  d.seed({
    [`cn=policy,${suffix}`]: {
      objectClass: 'tenureLifecyclePolicy',
      cn: 'policy',
      tenurePolicyText: policyOf(company),
    },
  });
}

/** Only the last of several: `replace` above, and one holder by grant of a member. */
function asStored(company: Company): Company {
  const last = new Map(company.answers.map((one) => [`${one[0]} ${one[2]}`, one]));
  const first = new Map<string, Membership>();
  for (const one of company.memberships) {
    const key = `${one.group} ${one.member} ${one.span === undefined}`;
    if (!first.has(key)) first.set(key, one);
  }
  return { ...company, answers: [...last.values()], memberships: [...first.values()] };
}

function changeOf(door: (typeof doors)[number], d: TestDirectory): Change {
  // Nobody's password may come back.
  if (door === 'reset') return ['replace', 'userPassword', `a-new-secret-${opened}-${closed}`];
  if (door === 'unlock') return ['delete', 'pwdAccountLockedTime'];
  return ['replace', 'tenureBypassUntil', formatTime(d.clock.nowMs() / 1000 + 600)];
}

let opened = 0;
let closed = 0;

test('whoever opens an account had every right that comes with it', async () => {
  await checkRandomly(
    fc.asyncProperty(companies, async (drawn) => {
      const company = asStored(drawn);
      const model = new Model(company);
      const d = await TestDirectory.open();
      try {
        await populate(d, company);
        for (const author of accounts) {
          for (const account of accounts) {
            if (author === account) continue;
            for (const door of doors) {
              const as = d.user(person(author));
              const { ok, ...rest } = await d.modify(
                person(account),
                [changeOf(door, d)],
                undefined,
                as,
              );
              const code = 'error' in rest ? rest.error.code : 'success';
              const may = model.rightsAt(author, 0).has(`${door} ${account}`);
              const isLet = ok || code === 'noSuchAttribute';
              const what = `${author} ${door} ${account}`;
              if (isLet) {
                opened += 1;
                expect([what, may, model.gained(author, account)]).toEqual([what, true, undefined]);
              } else {
                closed += 1;
                expect([what, code]).toEqual([what, 'insufficientAccessRights']);
                expect([what, may && model.isPlain(account)]).toEqual([what, false]);
              }
            }
          }
        }
      } finally {
        await d.close();
      }
    }),
    RUNS_BY_DEFAULT,
  );
  expect(opened).toBeGreaterThan(0);
  expect(closed).toBeGreaterThan(0);
}, 120_000);
