/**
 * Random writes, then random filters: what the directory finds is what a slow evaluator finds in a
 * dump of it, in every scope, whole and in pages; and the database verifies.
 * SEED repeats a run, RUNS sets how many directories are made.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Filter } from '../../../src/directory/model/filter.js';
import { formatFilter } from '../../../src/directory/text/index.js';
import { suffix, TestDirectory } from '../../support/directory-temp.js';
import { filters } from '../../support/random-filters.js';
import { normalName, Oracle } from '../../support/random-oracle.js';
import { perform, steps } from '../../support/random-writes.js';
import { seed } from '../../support/seed.js';

const numRuns = Number(process.env['RUNS'] ?? 25);

/** SHRINK=1 looks for the smallest directory that fails, which takes minutes, and prints it. */
const shrinks = process.env['SHRINK'] !== undefined;

function failureOf<T>({ seed: used, counterexample, errorInstance }: fc.RunDetails<T>): string {
  const shown = shrinks ? `\n${fc.stringify(counterexample)}` : '; SHRINK=1 finds a small one';
  const { message } = errorInstance as Error;
  return `random directory of seed ${used} (repeat with SEED=${used})${shown}\n${message}`;
}

function oracleOf(d: TestDirectory): Oracle {
  const { entries, done } = d.search('(objectClass=*)', { attributes: ['*', '+'] });
  expect(done.code).toBe('success');
  return new Oracle(entries);
}

function inPages(d: TestDirectory, filter: string, base: string, size: number): string[] {
  const found: string[] = [];
  let cookie: Buffer = Buffer.alloc(0);
  do {
    const { entries, done } = d.search(filter, { base, attributes: ['1.1'], paged: { size, cookie } });
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

describe('random directories', () => {
  test('answer as the slow evaluator does', async () => {
    const result = await fc.check(
      fc.asyncProperty(
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
            perform(d, writes, batch);
            if (flushed || extra.length > 0) d.maintain();
            const oracle = oracleOf(d);
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
      ),
      { seed: seed(), numRuns, endOnFailure: !shrinks },
    );
    if (result.failed) throw new Error(failureOf(result));
  }, 120_000);
});

test('the slow evaluator reads names as the test writes them', () => {
  expect(normalName(`UID = u1 , ou=People,${suffix}`)).toBe(`uid=u1,ou=people,${suffix}`);
  expect(normalName('not a name')).toBeUndefined();
});
