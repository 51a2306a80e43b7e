/**
 * Random writes, then random filters: what the directory finds is what a slow evaluator finds in a
 * dump of it, in every scope, whole and in pages; and the database verifies.
 * SEED repeats a run, RUNS sets how many directories are made.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Filter } from '../../../src/directory/model/filter.js';
import { formatFilter } from '../../../src/directory/text/index.js';
import type { Seen } from '../../support/directory-entries.js';
import { suffix } from '../../support/directory-requests.js';
import { TestDirectory } from '../../support/directory-temp.js';
import { filters } from '../../support/random-filters.js';
import { normalName, Oracle } from '../../support/random-oracle.js';
import { checkRandomly } from '../../support/random-runs.js';
import { perform, steps } from '../../support/random-writes.js';

const RUNS_BY_DEFAULT = 8;

function dumpOf(d: TestDirectory): readonly Seen[] {
  const { entries, done } = d.search('(objectClass=*)', { attributes: ['*', '+'] });
  expect(done.code).toBe('success');
  return entries;
}

const oracleOf = (d: TestDirectory): Oracle => new Oracle(dumpOf(d));

function inPages(d: TestDirectory, filter: string, base: string, size: number): string[] {
  const found: string[] = [];
  let cookie: Buffer = Buffer.alloc(0);
  do {
    const { entries, done } = d.search(filter, {
      base,
      attributes: ['1.1'],
      paged: { size, cookie },
    });
    expect(done.code).toBe('success');
    expect(entries.length).toBeLessThanOrEqual(size);
    found.push(...entries.map((entry) => entry.dn));
    cookie = done.paged!.cookie;
  } while (cookie.length > 0);
  return found.sort();
}

function check(d: TestDirectory, oracle: Oracle, filter: Filter, base: string, size: number): void {
  const text = formatFilter(filter);
  for (const scope of ['base', 'one', 'sub'] as const) {
    const found = d.found(text, { base, scope });
    expect({ text, base, scope, found }).toEqual({
      text,
      base,
      scope,
      found: oracle.found(filter, base, scope),
    });
  }
  expect({ text, found: inPages(d, text, base, size) }).toEqual({
    text,
    found: oracle.found(filter, base, 'sub'),
  });
}

/** The memberships shown are those that follow from the members shown. */
function checkMemberships(d: TestDirectory, oracle: Oracle): void {
  for (const entry of d.search('(objectClass=*)', { attributes: ['memberOf'] }).entries) {
    const shown = entry.texts('memberOf').sort();
    expect({ dn: entry.dn, shown }).toEqual({ dn: entry.dn, shown: oracle.groupsOf(entry.dn) });
  }
}

const indexes = fc.subarray([
  ['title', 'eq'],
  ['description', 'eq sub'],
  ['shadowMax', 'eq ord'],
  ['homeDirectory', 'eq'],
  ['name', 'eq'],
] as const);

/** Random writes, then random filters, judged by what `oracleOver` makes of the dump. */
function property(oracleOver: (d: TestDirectory) => Oracle) {
  return fc.asyncProperty(
    fc.array(steps, { minLength: 20, maxLength: 60 }),
    fc.integer({ min: 1, max: 6 }),
    fc.array(filters, { minLength: 30, maxLength: 40 }),
    fc.array(fc.nat(40), { minLength: 3, maxLength: 3 }),
    indexes,
    fc.boolean(),
    async (writes, batch, asked, bases, extra, flushed) => {
      const d = await TestDirectory.open();
      try {
        for (const [attribute, words] of extra) d.half.setIndex(attribute, words.split(' '));
        expect(perform(d, writes, batch)).toBeGreaterThan(0);
        if (flushed || extra.length > 0) d.maintain();
        const oracle = oracleOver(d);
        checkMemberships(d, oracle);
        const dns = d.found('(objectClass=*)');
        asked.forEach((filter, i) => {
          const base = i % 2 === 0 ? suffix : dns[bases[i % bases.length]! % dns.length]!;
          check(d, oracle, filter, base, 1 + (i % 4));
        });
      } finally {
        await d.close();
      }
    },
  );
}

test('random directories answer as the slow evaluator does', async () => {
  await checkRandomly(property(oracleOf), RUNS_BY_DEFAULT);
}, 120_000);

/** Takes what cannot be decided for false, so that its negation holds. */
class TwoValued extends Oracle {
  override test(...args: Parameters<Oracle['test']>): ReturnType<Oracle['test']> {
    const truth = super.test(...args);
    return truth === 'undefined' ? 'false' : truth;
  }
}

test('an evaluator that is wrong in one point is found out', async () => {
  const wrong = (d: TestDirectory) => new TwoValued(dumpOf(d));
  await expect(checkRandomly(property(wrong), RUNS_BY_DEFAULT)).rejects.toThrow(/SEED=\d+/);
}, 120_000);

test('the slow evaluator reads names as the test writes them', () => {
  expect(normalName(`UID = u1 , ou=People,${suffix}`)).toBe(`uid=u1,ou=people,${suffix}`);
  expect(normalName('not a name')).toBeUndefined();
});
