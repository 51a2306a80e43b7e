/**
 * Ends are quiet: two companies that differ in nothing but the future ends of people look alike to
 * everybody without a role that may see ends, whatever is asked: until the second of the first end.
 * SEED repeats a run, RUNS sets how many.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Context } from '../../../src/directory/operations/index.js';
import type { LdapError } from '../../../src/runtime/errors.js';
import { ok } from '../../support/directory-expect.js';
import { group, person } from '../../support/directory-people.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { app, host, logins, onlooker, populate } from '../../support/random-histories.js';
import { checkRandomly } from '../../support/random-runs.js';

const RUNS_BY_DEFAULT = 4;
const DAY_MS = 86_400_000;

const stamp = (ms: number) =>
  `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;

/** Whatever somebody could ask to learn of an end. */
function questions(nowMs: number): readonly string[] {
  const [soon, late] = [stamp(nowMs + DAY_MS), stamp(nowMs + 400 * DAY_MS)];
  const day = Math.floor(nowMs / DAY_MS);
  return [
    '(objectClass=*)',
    ...['lifecycleEnd', 'lifecycleStart', 'pwdEndTime', 'modifyTimestamp'].flatMap((name) => [
      `(${name}=*)`,
      `(${name}>=${soon})`,
      `(!(${name}<=${late}))`,
    ]),
    ...['shadowExpire', 'accountExpires', 'userAccountControl'].flatMap((name) => [
      `(${name}=*)`,
      `(${name}>=${day})`,
      `(!(${name}>=${day}))`,
    ]),
    '(lifecycleEngagement=*)',
    '(!(lifecycleEngagement=*))',
    '(lifecycleEngagement=*end=*)',
    '(lifecycleNotice=*)',
    '(nsAccountLock=TRUE)',
    '(sudoNotAfter=*)',
    '(radiusSessionTimeout=*)',
    '(radiusExpiration=*)',
    '(lifecycleState=active)',
    ...logins.map((login) => `(manager=${person(login)})`),
  ];
}

/** Everything that the directory answers to them, a line for each entry, refusal or comparison. */
function answers(d: TestDirectory, as: Context): string[] {
  const told = questions(d.clock.nowMs()).flatMap((filter) => {
    try {
      const { entries, done } = d.search(filter, { attributes: ['*', '+'], as });
      const seen = entries.flatMap(({ dn, attributes }) =>
        [...attributes].map(([name, values]) => `${filter} ${dn} ${name}: ${values.join()}`),
      );
      return [`${filter} ${done.code} ${done.text} ${entries.length}`, ...seen];
    } catch (error) {
      return [`${filter} ${String(error)}`];
    }
  });
  const compared = logins.flatMap((login) =>
    (['lifecycleEnd', 'shadowExpire', 'lifecycleEngagement', 'pwdEndTime'] as const).map((name) => {
      const value = name.endsWith('Expire') ? '20000' : stamp(d.clock.nowMs() + DAY_MS);
      try {
        return `${login} ${name} ${d.compare(person(login), name, value, as)}`;
      } catch (error) {
        return `${login} ${name} ${(error as LdapError).code} ${(error as LdapError).message}`;
      }
    }),
  );
  return [...told, ...compared];
}

/** The first lines that differ. */
function difference(one: readonly string[], other: readonly string[]): string | undefined {
  const at = one.findIndex((line, i) => line !== other[i]);
  if (at < 0 && one.length === other.length) return undefined;
  return `${one[at]?.slice(0, 300)}\n${other[at]?.slice(0, 300)}`;
}

/** People with engagements that end after so many days, or never. */
async function company(ends: readonly (number | undefined)[]): Promise<TestDirectory> {
  const d = await TestDirectory.open();
  populate(d);
  const start = stamp(d.clock.nowMs() - DAY_MS);
  for (const [i, login] of logins.entries()) {
    const days = ends[i];
    const end = days === undefined ? '' : ` end=${stamp(d.clock.nowMs() + days * DAY_MS)}`;
    const value = `id=1 kind=employee start=${start}${end}`;
    await ok(d.modify(person(login), [['add', 'lifecycleEngagement', value]]));
  }
  return d;
}

const ends = fc.tuple(
  ...logins.map(() => fc.option(fc.integer({ min: 2, max: 300 }), { nil: undefined })),
);

test('nobody learns of an end before it comes', async () => {
  await checkRandomly(
    fc.asyncProperty(ends, fc.integer({ min: 0, max: 400 }), async (days, waited) => {
      const quiet = await company([]);
      const ending = await company(days);
      try {
        const first = Math.min(...days.map((day) => day ?? Number.MAX_SAFE_INTEGER));
        const viewers = [person(logins[0]), onlooker, app, host];
        const wait = Math.min(waited, first) * DAY_MS - (waited >= first ? 1_000 : 0);
        for (const d of [quiet, ending]) d.clock.advance(wait);
        for (const dn of viewers) {
          const [a, b] = [answers(ending, ending.user(dn)), answers(quiet, quiet.user(dn))];
          expect([dn, difference(a, b)]).toEqual([dn, undefined]);
        }
        if (first > 400) return;
        // The very next second may differ, and does: somebody is gone.
        const left = first * DAY_MS - wait;
        for (const d of [quiet, ending]) d.clock.advance(left);
        const as = (d: TestDirectory) => answers(d, d.user(onlooker));
        expect(difference(as(ending), as(quiet))).toBeDefined();
        expect(ending.found(`(cn=inner)`)).toEqual([group('inner')]);
      } finally {
        await quiet.close();
        await ending.close();
      }
    }),
    RUNS_BY_DEFAULT,
  );
}, 120_000);
